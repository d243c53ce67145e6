import { createContext, useContext } from 'react';

/** How the charts of a tile are shown: drawn, or as rows. */
export type TileView = 'chart' | 'table';

/** Set by the page around a tile's body, by the entry "Show as table" of its menu. */
export const TileViewContext = createContext<TileView>('chart');

/** How the charts of this tile are to be shown. */
export function useTileView(): TileView {
  return useContext(TileViewContext);
}
