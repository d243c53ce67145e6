// Generated from the migrations by `npm run gen`; do not edit.
import type { ColumnType, Generated } from 'kysely';

type Json = ColumnType<unknown, string | null, string | null>;

export interface AccountDevices {
  id: string;
  account_id: string;
  workspace_id: string;
  name: string;
  system: Generated<string>;
  program: Generated<string>;
  address: Generated<string>;
  public_key: Buffer | null;
  version: Generated<number>;
  created_at: Generated<Date>;
  last_seen_at: Generated<Date>;
  expires_at: Date;
  revoked_at: Date | null;
  revoked_because: 'person' | 'replay' | null;
}

export interface AccountMembers {
  workspace_id: string;
  account_id: string;
  person_id: string;
  created_at: Generated<Date>;
}

export interface AccountPairings {
  device_code_hash: Buffer;
  user_code_hash: Buffer;
  seed: Buffer;
  name: string;
  system: string;
  program: string;
  address: string;
  public_key: Buffer | null;
  created_at: Generated<Date>;
  expires_at: Date;
  wait_s: Generated<number>;
  polled_at: Date | null;
  answered_at: Date | null;
  approved: boolean | null;
  account_id: string | null;
  workspace_id: string | null;
  device_id: string | null;
  claimed_at: Date | null;
}

export interface AccountPreferences {
  account_id: string;
  theme: 'light' | 'dark' | 'system' | null;
  palette: 'petrol' | 'ember' | 'contrast' | null;
  keys: 'on' | 'off' | null;
  locale: string | null;
}

export interface AccountRefreshTokens {
  device_id: string;
  generation: number;
  token_hash: Buffer;
  seed: Buffer;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Date | null;
}

export interface AccountSetupLinks {
  token_hash: Buffer;
  created_at: Generated<Date>;
  expires_at: Date;
  used_at: Date | null;
}

export interface AccountTokens {
  workspace_id: string;
  id: string;
  person_id: string;
  name: string;
  prefix: string;
  token_hash: Buffer;
  scopes: string[];
  created_at: Generated<Date>;
  expires_at: Date | null;
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface AuditChains {
  workspace_id: string;
  last_seq: Generated<number>;
  last_hash: Generated<Buffer>;
  removed_seq: Generated<number>;
  removed_hash: Generated<Buffer>;
}

export interface AuditEntries {
  workspace_id: string;
  id: string;
  at: Generated<Date>;
  actor_account_id: string | null;
  actor_person_id: string | null;
  via: string;
  address: string | null;
  request_id: string | null;
  action: string;
  target_kind: string | null;
  target_id: string | null;
  target_name: string | null;
  before: string | null;
  after: string | null;
  seq: number | null;
  hash: Buffer | null;
  erased_at: Date | null;
}

export interface CalendarHolidays {
  workspace_id: string;
  day: string;
  name: string;
}

export interface CalendarSettings {
  workspace_id: string;
  working_weekdays: Generated<number[]>;
  from_minute: Generated<number>;
  until_minute: Generated<number>;
}

export interface FactCommitCredits {
  workspace_id: string;
  sha: string;
  identity_id: string;
  role: 'author' | 'co_author';
  authored_at: Date;
}

export interface FactCommitFiles {
  workspace_id: string;
  sha: string;
  path: string;
  previous_path: string | null;
  additions: number;
  deletions: number;
  language: string | null;
  left_out: string | null;
}

export interface FactCommitReach {
  workspace_id: string;
  repository_id: string;
  sha: string;
  snapshot: number;
  reachable: boolean;
}

export interface FactCommits {
  workspace_id: string;
  sha: string;
  author_id: string;
  authored_at: Date;
  authored_offset_minutes: number;
  committer_id: string;
  committed_at: Date;
  committed_offset_minutes: number;
  parents: string[];
  is_merge: boolean;
  subject: string;
  files_changed: number | null;
  fidelity: number;
  content_hash: string;
}

export interface FactIdentities {
  workspace_id: string;
  id: string;
  source: string;
  external_key: string;
  email: string | null;
  login: string | null;
  name: string | null;
  source_kind: string | null;
  named_at: Date;
  first_seen_at: Date;
  last_seen_at: Date;
  kind: 'person' | 'automation' | 'agent';
  kind_signal: string;
  erased_at: Date | null;
}

export interface FactRepositories {
  workspace_id: string;
  id: string;
  source: string;
  external_key: string;
  name: string;
  url: string | null;
  default_branch: string | null;
  state: 'active' | 'archived' | 'gone';
  observed_at: Date;
  content_hash: string;
  reach_baseline: Generated<number>;
}

export interface FaultOccurrences {
  id: string;
  fault_id: string;
  seen_at: Date;
  origin: string;
  request_id: string | null;
  version: string;
  message: string;
  stack: string;
  unwritten: Generated<number>;
}

export interface Faults {
  id: string;
  error_class: string;
  code: string | null;
  place: string;
  first_seen_at: Date;
  resolved_at: Date | null;
}

export interface InstanceSettings {
  key: string;
  value: Json;
}

export interface Invitations {
  workspace_id: string;
  id: string;
  kind: 'email' | 'github' | 'link';
  recipient: string;
  role: 'owner' | 'admin' | 'manager' | 'member';
  team_id: string | null;
  token_hash: Buffer;
  invited_by: string;
  created_at: Generated<Date>;
  expires_at: Date;
  mailed_at: Date | null;
  accepted_at: Date | null;
  accepted_by: string | null;
  declined_at: Date | null;
  revoked_at: Date | null;
}

export interface JobRuns {
  id: string;
  name: string;
  started_at: Generated<Date>;
  finished_at: Date | null;
  outcome: 'done' | 'failed' | null;
  detail: string | null;
}

export interface LensChangedLines {
  workspace_id: string | null;
  person_id: string | null;
  authored_at: Date | null;
  repository_id: string | null;
  item: string | null;
  language: string | null;
  additions: number | null;
  deletions: number | null;
  is_uncounted: boolean | null;
  left_out: string | null;
}

export interface LensCommitCredits {
  workspace_id: string | null;
  sha: string | null;
  authored_at: Date | null;
  is_merge: boolean | null;
  files_changed: number | null;
  repository_id: string | null;
  role: string | null;
  identity_id: string | null;
  kind: string | null;
  person_id: string | null;
}

export interface LensCommitLines {
  workspace_id: string | null;
  sha: string | null;
  authored_at: Date | null;
  is_merge: boolean | null;
  repository_id: string | null;
  kind: string | null;
  person_id: string | null;
  path: string | null;
  additions: number | null;
  deletions: number | null;
  language: string | null;
  left_out: string | null;
}

export interface LensCommits {
  workspace_id: string | null;
  sha: string | null;
  authored_at: Date | null;
  is_merge: boolean | null;
  subject: string | null;
  files_changed: number | null;
  author_id: string | null;
  repository_id: string | null;
}

export interface LensIdentities {
  workspace_id: string | null;
  identity_id: string | null;
  kind: string | null;
  person_id: string | null;
}

export interface LensPeople {
  workspace_id: string | null;
  person_id: string | null;
  name: string | null;
  zone: string | null;
}

export interface LimitBuckets {
  key: Buffer;
  most: number;
  every_us: number;
  granted: number;
  asked_at_us: number;
  full_at_us: number;
}

export interface LiveTickets {
  workspace_id: string;
  ticket_hash: Buffer;
  proof_kind: 'token' | 'session' | 'device';
  proof_hash: Buffer;
  expires_at: Date;
}

export interface People {
  workspace_id: string;
  id: string;
  name: string;
  zone: string | null;
  rest_weekdays: Generated<number[]>;
  created_at: Generated<Date>;
}

export interface PeopleAvatars {
  workspace_id: string;
  person_id: string;
  type: 'image/png' | 'image/jpeg' | 'image/webp';
  body: Buffer;
  digest: string;
}

export interface PeopleDeclinedSuggestions {
  workspace_id: string;
  identity_a: string;
  identity_b: string;
  decided_by: string | null;
  decided_at: Generated<Date>;
}

export interface PeopleFreezes {
  workspace_id: string;
  person_id: string;
  day: string;
  created_at: Generated<Date>;
}

export interface PeopleHolidays {
  workspace_id: string;
  person_id: string;
  day: string;
  name: string;
}

export interface PeopleKindOverrides {
  workspace_id: string;
  identity_id: string;
  kind: 'person' | 'automation' | 'agent';
  reason: string;
  decided_by: string | null;
  decided_at: Generated<Date>;
}

export interface PeopleKindRules {
  workspace_id: string;
  id: string;
  field: 'source_kind' | 'login' | 'email' | 'name';
  pattern: string;
  kind: 'person' | 'automation' | 'agent';
  reason: string;
  priority: Generated<number>;
  built_in: Generated<boolean>;
  enabled: Generated<boolean>;
  created_at: Generated<Date>;
}

export interface PeopleLinkLog {
  workspace_id: string;
  id: string;
  batch_id: string;
  identity_id: string;
  from_person_id: string;
  to_person_id: string;
  reason: string;
  decided_by: string | null;
  decided_at: Generated<Date>;
  undone_at: Date | null;
}

export interface PeopleLinks {
  workspace_id: string;
  identity_id: string;
  person_id: string;
  reason: string;
  decided_by: string | null;
  decided_at: Generated<Date>;
}

export interface PeopleMemberPauses {
  workspace_id: string;
  person_id: string;
  began_at: Date;
  began_by: string | null;
  ended_at: Date | null;
  ended_by: string | null;
}

export interface PeopleMembers {
  workspace_id: string;
  person_id: string;
  role: 'owner' | 'admin' | 'manager' | 'member';
  since: Generated<Date>;
  deactivated_at: Date | null;
  deactivated_by: string | null;
}

export interface PeopleProfiles {
  workspace_id: string;
  person_id: string;
  bio: Generated<string>;
}

export interface RawEvents {
  workspace_id: string;
  id: string;
  source: string;
  item_key: string;
  kind: string;
  arrival: 'pull' | 'webhook' | 'push';
  body: Buffer | null;
  body_encoding: Generated<'identity' | 'gzip'>;
  body_sha256: Buffer;
  received_at: Generated<Date>;
  state: Generated<'pending' | 'leased' | 'done' | 'ignored' | 'dead'>;
  reason: string | null;
  detail: string | null;
  attempts: Generated<number>;
  run_after: Generated<Date>;
  lease_owner: string | null;
  lease_until: Date | null;
  fence: Generated<number>;
  finished_at: Date | null;
}

export interface RollupDays {
  workspace_id: string;
  subject_kind: 'person' | 'workspace';
  subject_id: string;
  metric: string;
  resource_id: string;
  day: string;
  part: string;
  n: number;
  value: number;
  base: number | null;
  samples: number[] | null;
  zone: string;
  metric_version: number;
}

export interface RollupStale {
  workspace_id: string;
  id: string;
  subject_kind: 'person' | 'workspace';
  subject_id: string;
  day: string;
  marked_at: Generated<Date>;
}

export interface SchemaMigrations {
  version: number;
  name: string;
  checksum: string;
  applied_at: Generated<Date>;
}

export interface SecretKeys {
  kid: string;
  workspace_id: string | null;
  state: Generated<'next' | 'current' | 'retired'>;
  master_id: string;
  wrapped: string;
  created_at: Generated<Date>;
  retired_at: Date | null;
}

export interface SecretValues {
  name: string;
  sealed: string;
  created_at: Generated<Date>;
}

export interface SourceErasures {
  workspace_id: string;
  id: string;
  connector: string;
  natural_key: string;
  name: string;
  ordered_at: Generated<Date>;
  identities: string[] | null;
}

export interface Sources {
  workspace_id: string;
  id: string;
  connector: string;
  natural_key: string;
  name: string;
  settings: Json;
  cursor: Json | null;
  state: Generated<'new' | 'reading' | 'ok' | 'failed' | 'paused'>;
  progress: Json | null;
  lease_owner: string | null;
  lease_until: Date | null;
  last_checked_at: Date | null;
  last_error: Json | null;
  created_at: Generated<Date>;
}

export interface TeamPeople {
  workspace_id: string;
  id: string;
  team_id: string;
  person_id: string;
  duty: 'member' | 'manager';
  from_day: string;
  until_day: string | null;
}

export interface Teams {
  workspace_id: string;
  id: string;
  name: string;
  slug: string;
  created_at: Generated<Date>;
  archived_at: Date | null;
}

export interface TransferParts {
  workspace_id: string;
  transfer_id: string;
  part: number;
  body: Buffer;
}

export interface Transfers {
  workspace_id: string;
  id: string;
  kind: 'export' | 'import';
  scope: 'mine' | 'workspace';
  account_id: string;
  person_id: string;
  state: 'uploading' | 'waiting' | 'working' | 'checked' | 'done' | 'failed';
  apply: Generated<boolean>;
  progress: Json | null;
  summary: Json | null;
  error: string | null;
  lease_owner: string | null;
  lease_until: Date | null;
  bytes: Generated<number>;
  sha256: Buffer | null;
  link_hash: Buffer | null;
  created_at: Generated<Date>;
  finished_at: Date | null;
  expires_at: Generated<Date>;
}

export interface ViewerLooks {
  workspace_id: string;
  person_id: string;
  viewer_id: string;
  day: string;
}

export interface WorkspaceSlugs {
  workspace_id: string;
  slug: string;
  since: Generated<Date>;
  retired_at: Date | null;
}

export interface Workspaces {
  id: string;
  kind: 'personal' | 'team' | 'demo';
  name: string;
  zone: string;
  week_start: Generated<number>;
  raw_retention_days: Generated<number>;
  created_at: Generated<Date>;
  audit_retention_days: Generated<number>;
  departed_people: Generated<'keep' | 'anonymise'>;
}

export interface Database {
  account_devices: AccountDevices;
  account_members: AccountMembers;
  account_pairings: AccountPairings;
  account_preferences: AccountPreferences;
  account_refresh_tokens: AccountRefreshTokens;
  account_setup_links: AccountSetupLinks;
  account_tokens: AccountTokens;
  audit_chains: AuditChains;
  audit_entries: AuditEntries;
  calendar_holidays: CalendarHolidays;
  calendar_settings: CalendarSettings;
  fact_commit_credits: FactCommitCredits;
  fact_commit_files: FactCommitFiles;
  fact_commit_reach: FactCommitReach;
  fact_commits: FactCommits;
  fact_identities: FactIdentities;
  fact_repositories: FactRepositories;
  fault_occurrences: FaultOccurrences;
  faults: Faults;
  instance_settings: InstanceSettings;
  invitations: Invitations;
  job_runs: JobRuns;
  lens_changed_lines: LensChangedLines;
  lens_commit_credits: LensCommitCredits;
  lens_commit_lines: LensCommitLines;
  lens_commits: LensCommits;
  lens_identities: LensIdentities;
  lens_people: LensPeople;
  limit_buckets: LimitBuckets;
  live_tickets: LiveTickets;
  people: People;
  people_avatars: PeopleAvatars;
  people_declined_suggestions: PeopleDeclinedSuggestions;
  people_freezes: PeopleFreezes;
  people_holidays: PeopleHolidays;
  people_kind_overrides: PeopleKindOverrides;
  people_kind_rules: PeopleKindRules;
  people_link_log: PeopleLinkLog;
  people_links: PeopleLinks;
  people_member_pauses: PeopleMemberPauses;
  people_members: PeopleMembers;
  people_profiles: PeopleProfiles;
  raw_events: RawEvents;
  rollup_days: RollupDays;
  rollup_stale: RollupStale;
  schema_migrations: SchemaMigrations;
  secret_keys: SecretKeys;
  secret_values: SecretValues;
  source_erasures: SourceErasures;
  sources: Sources;
  team_people: TeamPeople;
  teams: Teams;
  transfer_parts: TransferParts;
  transfers: Transfers;
  viewer_looks: ViewerLooks;
  workspace_slugs: WorkspaceSlugs;
  workspaces: Workspaces;
}
