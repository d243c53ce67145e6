/** How long one kind of data stays. */
export interface Retention {
  /** In words, as the page about it says. */
  data: string;
  tables: readonly string[];
  /** Nothing: it stays until somebody deletes it, see `until`. */
  after?: {
    days: number;
    /** The days are the workspace’s own setting, and this is its name; `days` is what it is when nobody changed it. */
    setting?: 'raw_retention_days' | 'audit_retention_days';
    /** From when the days count; an expression over the first table. */
    since: string;
    /** What takes it away; named in the table of jobs. */
    job: string;
    /** What goes, where it is not the whole row. */
    goes?: string;
  };
  until?: string;
}

/**
 * Every table of the store, and how long what is in it stays. The reference page is drawn from this; a test compares it with
 * the catalogue of the store, makes rows that are a day too old and a day too young, and runs the jobs.
 */
export const retention: readonly Retention[] = [
  {
    data: 'Bodies of raw events',
    tables: ['raw_events'],
    after: {
      days: 90,
      setting: 'raw_retention_days',
      since: 'received_at',
      job: 'strip-payloads',
      goes: 'the body; that the event came, and what was read from it, stays',
    },
  },
  {
    data: 'Audit log',
    tables: ['audit_entries'],
    after: { days: 730, setting: 'audit_retention_days', since: 'at', job: 'trim-audit' },
  },
  {
    data: 'Who looked at whose numbers',
    tables: ['viewer_looks'],
    after: { days: 180, since: 'day', job: 'trim-viewer-log' },
  },
  { data: 'Runs of jobs', tables: ['job_runs'], after: { days: 30, since: 'started_at', job: 'trim-job-runs' } },
  {
    data: 'Faults of the program',
    tables: ['fault_occurrences', 'faults'],
    after: { days: 30, since: 'seen_at', job: 'trim-faults' },
  },
  {
    data: 'Files of exports and imports',
    tables: ['transfers', 'transfer_parts'],
    after: { days: 1, since: `expires_at - interval '1 day'`, job: 'work-transfers' },
  },
  {
    data: 'Sessions that ended',
    tables: ['auth.session'],
    after: { days: 30, since: 'least(expires_at, revoked_at)', job: 'trim-sign-ins' },
  },
  {
    data: 'Steps of signing in that were not finished',
    tables: ['auth.verification'],
    after: { days: 1, since: 'expires_at', job: 'trim-sign-ins' },
  },
  {
    data: 'Ways to GitHub that were not finished',
    tables: ['connection_flows'],
    after: { days: 1, since: 'expires_at', job: 'trim-sign-ins' },
  },
  {
    data: 'Deliveries for an installation of the App that nobody has claimed',
    tables: ['github_unclaimed_deliveries'],
    after: { days: 1, since: 'received_at', job: 'trim-deliveries' },
  },
  {
    data: 'One-time links of the owner that were used or ran out',
    tables: ['account_setup_links'],
    after: { days: 30, since: 'least(expires_at, used_at)', job: 'trim-sign-ins' },
  },
  {
    data: 'Codes for pairing a device that ran out',
    tables: ['account_pairings'],
    after: { days: 1, since: 'expires_at', job: 'trim-sign-ins' },
  },
  {
    data: 'Refresh tokens that ran out (hashes)',
    tables: ['account_refresh_tokens'],
    after: { days: 1, since: 'expires_at', job: 'trim-sign-ins' },
  },
  {
    data: 'Devices that were removed or ran out',
    tables: ['account_devices'],
    after: { days: 60, since: 'least(expires_at, revoked_at)', job: 'trim-sign-ins' },
  },
  {
    data: 'API tokens that were revoked or ran out (hashes)',
    tables: ['account_tokens'],
    after: { days: 90, since: 'least(expires_at, revoked_at)', job: 'trim-sign-ins' },
  },
  {
    data: 'Invitations that were answered, withdrawn or ran out',
    tables: ['invitations'],
    after: {
      days: 30,
      since: 'least(expires_at, accepted_at, declined_at, revoked_at)',
      job: 'trim-sign-ins',
    },
  },
  {
    data: 'Tickets for the live channel that were not used',
    tables: ['live_tickets'],
    after: { days: 1, since: 'expires_at', job: 'trim-sign-ins' },
  },
  {
    data: 'How much of a limit somebody has used, under a hash',
    tables: ['limit_buckets'],
    until: 'the limit is whole again, some minutes later',
  },
  {
    data: 'How much of the limits of a source is left, per account there, under a hash',
    tables: ['governor_accounts', 'governor_quotas', 'governor_turns'],
    until: 'nothing was asked with that account for two days',
  },
  {
    data: 'Accounts and what they sign in with',
    tables: ['auth.user', 'auth.account', 'auth.two_factor', 'auth.passkey', 'account_members', 'account_preferences'],
    until: 'the account is deleted, or the passkey, second factor or connection is removed',
  },
  {
    data: 'What was read from sources, and what is counted from it',
    tables: [
      'fact_identities',
      'fact_repositories',
      'fact_commits',
      'fact_commit_credits',
      'fact_commit_files',
      'fact_commit_reach',
      'fact_pull_requests',
      'fact_pull_details',
      'fact_pull_heads',
      'fact_pull_commits',
      'fact_pull_diffs',
      'fact_pull_files',
      'fact_issues',
      'fact_moments',
      'fact_timelines',
      'fact_timeline_moments',
      'fact_reviews',
      'fact_comments',
      'fact_discussions',
      'fact_gone',
      'fact_releases',
      'fact_deployments',
      'fact_deployment_statuses',
      'fact_workflow_runs',
      'fact_check_suites',
      'fact_repository_profiles',
      'fact_refs',
      'fact_pushes',
      'fact_levels',
      'fact_languages',
      'fact_community',
      'fact_stars',
      'fact_forks',
      'fact_alerts',
      'rollup_days',
      'rollup_stale',
    ],
    until: 'the source is erased or the workspace is deleted; disconnecting a source keeps it',
  },
  { data: 'Sources', tables: ['sources'], until: 'they are disconnected' },
  {
    data: 'Connections to GitHub, and what they reach',
    tables: ['connections', 'connection_secrets', 'connection_repositories', 'connection_organisations'],
    until: 'they are erased; tokens are forgotten as soon as one is disconnected',
  },
  {
    data: 'What GitHub answered about who may see a private repository',
    tables: ['repository_sights'],
    until:
      'the repository is public or watched no more, or the person leaves; asked anew each day, and not believed after three',
  },
  {
    data: 'The GitHub App of the instance and its installations',
    tables: ['github_apps', 'github_installations'],
    until: 'whoever runs the instance removes it',
  },
  {
    data: 'Webhooks that DevPulse made, and how far they were followed',
    tables: ['hooks', 'hook_marks', 'github_app_hooks'],
    until: 'they are removed, or the connection that made them is',
  },
  {
    data: 'What each delivery was about',
    tables: ['hook_deliveries'],
    until: 'its raw event is erased with the source, or the workspace is deleted',
  },
  { data: 'Orders to erase a source', tables: ['source_erasures'], until: 'the erasure is done, within minutes' },
  {
    data: 'People of a workspace and what they said of themselves',
    tables: [
      'people',
      'people_members',
      'people_member_pauses',
      'people_profiles',
      'people_avatars',
      'people_freezes',
      'people_holidays',
    ],
    until: 'the account or the workspace is deleted',
  },
  {
    data: 'Who is who, and what is a machine',
    tables: [
      'people_links',
      'people_link_log',
      'people_declined_suggestions',
      'people_kind_rules',
      'people_kind_overrides',
      'people_change_overrides',
    ],
    until: 'it is undone or the workspace is deleted',
  },
  {
    data: 'Workspaces, teams and calendars',
    tables: ['workspaces', 'workspace_slugs', 'teams', 'team_people', 'calendar_settings', 'calendar_holidays'],
    until: 'the workspace is deleted',
  },
  {
    data: 'Both ends of each audit log',
    tables: ['audit_chains'],
    until: 'the workspace is deleted',
  },
  {
    data: 'Keys and secrets of the instance, wrapped and sealed',
    tables: ['secret_keys', 'secret_values'],
    until: 'they are rotated out, or the workspace they are for is deleted',
  },
  {
    data: 'The instance itself',
    tables: ['instance_settings', 'schema_migrations'],
    until: 'the instance is removed',
  },
];
