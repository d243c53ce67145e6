import type { Day } from '@devpulse/contract/day';

/** What is known of the road behind the numbers of a subject, whatever the metric. */
export interface RoadCounts {
  pending_events: number;
  dead_events: number;
  /** Days up to the last one asked about that are to be counted, again or for the first time. */
  pending_days: Day[];
  repositories: number;
  identities: number;
  sources: number;
  sources_reading: number;
  sources_failed: number;
  /** Sources of connections that nobody has looked at for twice as long as they are left alone. */
  sources_late: number;
  as_of: Date | null;
}
