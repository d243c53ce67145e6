import type { Workers } from '../jobs/workers.ts';

/** What exports and imports are worked on with. */
export type TransferTools = Pick<
  Workers,
  'store' | 'capture' | 'pools' | 'metrics' | 'connectors' | 'log' | 'logger' | 'now' | 'ask' | 'faults'
>;
