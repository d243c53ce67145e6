import { createContext } from 'react';

/** The tile whose figure has its receipt open; null when the address opened it, or none is open. */
export const OpenTileContext = createContext<string | null>(null);
