import type { QueryClient } from '@tanstack/react-query';
import type { LiveChange } from '@devpulse/contract/wire/live';
import { touches } from './coalesce.ts';

/** Metrics each tile asks, by the tile's id. */
export type TileMetrics = (widget: string) => readonly string[];

/** Asks again for whatever the change made untrue and somebody is looking at; the rest is asked when it is looked at. */
export async function applyChange(client: QueryClient, change: LiveChange, metricsOf: TileMetrics): Promise<void> {
  const all = change.metrics.includes('*');
  await client.invalidateQueries({
    predicate: ({ queryKey: [kind, name] }) => {
      switch (kind) {
        case 'widget':
          return all || touches(change, metricsOf(String(name)));
        case 'receipt':
          return all || change.metrics.includes(String(name));
        case 'sources':
        case 'repositories':
          return all || change.sources;
        case 'authors':
          return all || change.people || change.sources;
        case 'me':
        case 'people':
        case 'workspace':
          return change.people;
        default:
          return false;
      }
    },
  });
}
