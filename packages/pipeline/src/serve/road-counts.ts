/** What is known of the road behind the numbers of a subject, whatever the metric. */
export interface RoadCounts {
  pending_events: number;
  dead_events: number;
  pending_days: number;
  repositories: number;
  identities: number;
  sources: number;
  sources_reading: number;
  sources_failed: number;
  as_of: Date | null;
}
