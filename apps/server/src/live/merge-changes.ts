import type { LiveChange } from '@devpulse/contract/wire/live';

/** After this, whatever was known before may be wrong. */
export const everything: LiveChange = { metrics: ['*'], sources: true, people: true };

// More names than this are longer to send than to ask for all, and what waits for a slow reader must stay small.
const metricsMax = 200;

/** Both changes as one. */
export function mergeChanges(a: LiveChange, b: LiveChange): LiveChange {
  const metrics = new Set([...a.metrics, ...b.metrics]);
  return {
    metrics: metrics.has('*') || metrics.size > metricsMax ? ['*'] : [...metrics].toSorted(),
    sources: a.sources || b.sources,
    people: a.people || b.people,
  };
}
