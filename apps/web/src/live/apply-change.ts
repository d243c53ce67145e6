import type { Query, QueryClient } from '@tanstack/react-query';
import type { LiveChange } from '@devpulse/contract/wire/live';
import { touches } from './coalesce.ts';

/** Metrics each tile asks, by the tile's id. */
export type TileMetrics = (widget: string) => readonly string[];

/** Asks again for whatever the change made untrue and somebody is looking at; the rest is asked when it is looked at. */
export async function applyChange(client: QueryClient, change: LiveChange, metricsOf: TileMetrics): Promise<void> {
  await askAgain(client, ({ queryKey: [kind, name] }) => isUntrue(String(kind), String(name), change, metricsOf));
}

/**
 * Asks again, also for answers that are under way for the first time: the cache lets those come in as if nothing had
 * happened, though they may have been written before the change.
 */
export async function askAgain(client: QueryClient, predicate: (query: Query) => boolean): Promise<void> {
  const underWay = client
    .getQueryCache()
    .findAll({ predicate })
    .filter((query) => query.state.fetchStatus !== 'idle' && query.state.data === undefined);
  await Promise.all([
    client.invalidateQueries({ predicate }),
    ...underWay.map((query) => query.promise?.catch(() => undefined)),
  ]);
  if (underWay.length > 0) await client.invalidateQueries({ predicate: (query) => underWay.includes(query) });
}

function isUntrue(kind: string, name: string, change: LiveChange, metricsOf: TileMetrics): boolean {
  const all = change.metrics.includes('*');
  switch (kind) {
    case 'widget':
      return all || touches(change, metricsOf(name));
    case 'receipt':
      return all || change.metrics.includes(name);
    case 'sources':
    case 'repositories':
      return all || change.sources;
    case 'authors':
      return all || change.people || change.sources;
    case 'me':
    // With one's own role in it.
    case 'session':
    case 'people':
    case 'workspace':
      return change.people;
    default:
      return false;
  }
}
