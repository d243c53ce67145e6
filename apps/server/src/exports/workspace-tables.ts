/** Tables of a tenant in which no person's key stands. In an export of the whole workspace, unless a reason says why not. */
export const workspaceTables: Record<string, { export: 'rows' | { leftOut: string }; secret?: readonly string[] }> = {
  workspaces: { export: 'rows' },
  workspace_slugs: { export: 'rows' },
  teams: { export: 'rows' },
  calendar_settings: { export: 'rows' },
  calendar_holidays: { export: 'rows' },
  people_kind_rules: { export: 'rows' },
  sources: { export: 'rows' },
  source_erasures: { export: { leftOut: 'what waits to be erased; it is not to be taken along' } },
  raw_events: { export: { leftOut: 'in events.ndjson, as they came' } },
  fact_repositories: { export: 'rows' },
  fact_commit_files: { export: 'rows' },
  fact_commit_reach: { export: 'rows' },
  live_tickets: { export: { leftOut: 'good for one minute, and a secret' } },
  transfer_parts: { export: { leftOut: 'the files of exports and imports themselves' } },
};
