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

export interface ConnectionFlows {
  workspace_id: string;
  id: string;
  purpose: string;
  state_hash: Buffer;
  browser_hash: Buffer;
  verifier: string | null;
  details: Generated<Json>;
  person_id: string;
  session_id: string;
  expires_at: Date;
}

export interface ConnectionOrganisations {
  workspace_id: string;
  connection_id: string;
  number: string;
  login: string;
  included: Generated<boolean>;
  sso_url: string | null;
  seen_at: Generated<Date>;
}

export interface ConnectionRepositories {
  workspace_id: string;
  connection_id: string;
  number: string;
  full_name: string;
  owner_number: string;
  owner_login: string;
  is_private: boolean;
  is_fork: boolean;
  is_archived: boolean;
  default_branch: string | null;
  pushed_at: Date | null;
  change: string | null;
  change_from: string | null;
  changed_at: Date | null;
  seen_at: Generated<Date>;
  gone_at: Date | null;
}

export interface ConnectionSecrets {
  workspace_id: string;
  connection_id: string;
  access_token: string | null;
  refresh_token: string | null;
  version: Generated<number>;
  access_expires_at: Date | null;
  refresh_expires_at: Date | null;
  renewed_at: Generated<Date>;
  lease_owner: string | null;
  lease_until: Date | null;
}

export interface Connections {
  workspace_id: string;
  id: string;
  kind: 'oauth' | 'token' | 'app';
  form: string;
  host: string;
  account_number: string;
  login: string;
  account_type: Generated<string>;
  person_id: string | null;
  client_id: string | null;
  installation_number: string | null;
  repository_selection: string | null;
  scopes: Generated<string[]>;
  agreed: Generated<string[]>;
  permissions: Generated<Json>;
  state: Generated<'unchecked' | 'ok' | 'dead' | 'narrowed' | 'sso' | 'suspended' | 'removed' | 'expired' | 'disconnected'>;
  state_detail: Json | null;
  state_since: Generated<Date>;
  expires_at: Date | null;
  checked_at: Date | null;
  created_at: Generated<Date>;
  relist_at: Generated<Date>;
}

export interface FactAlerts {
  workspace_id: string;
  repository_id: string;
  number: number;
  state: 'open' | 'fixed' | 'dismissed' | 'auto_dismissed';
  severity: 'low' | 'medium' | 'high' | 'critical' | 'unknown';
  package: string;
  created_at: Date;
  updated_at: Date;
  seen_at: Date;
  ended_at: Date | null;
  content_hash: string;
}

export interface FactCheckSuites {
  workspace_id: string;
  repository_id: string;
  id: string;
  sha: string;
  branch: string | null;
  app: string;
  status: string;
  conclusion: string | null;
  created_at: Date;
  updated_at: Date;
  seen_at: Date;
  content_hash: string;
}

export interface FactComments {
  workspace_id: string;
  repository_id: string;
  number: number | null;
  place: 'thread' | 'diff' | 'commit' | 'discussion';
  id: string;
  author_id: string;
  created_at: Date;
  updated_at: Date;
  seen_at: Date;
  review: string | null;
  content_hash: string;
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

export interface FactCommunity {
  workspace_id: string;
  repository_id: string;
  observed_at: Date;
  health: number;
  files: string[];
  content_hash: string;
}

export interface FactDeploymentStatuses {
  workspace_id: string;
  repository_id: string;
  deployment: string;
  id: string;
  state: 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success' | 'waiting';
  environment: string;
  creator_id: string;
  created_at: Date;
  content_hash: string;
}

export interface FactDeployments {
  workspace_id: string;
  repository_id: string;
  id: string;
  environment: string;
  is_production: boolean | null;
  sha: string;
  ref: string;
  task: string;
  creator_id: string;
  created_at: Date;
  updated_at: Date;
  seen_at: Date;
  content_hash: string;
}

export interface FactDiscussions {
  workspace_id: string;
  repository_id: string;
  number: number;
  title: string;
  url: string | null;
  author_id: string;
  category: string;
  created_at: Date;
  updated_at: Date;
  seen_at: Date;
  is_closed: boolean;
  answered_at: Date | null;
  content_hash: string;
}

export interface FactForks {
  workspace_id: string;
  repository_id: string;
  fork: string;
  name: string;
  owner_id: string;
  at: Date;
  content_hash: string;
}

export interface FactGone {
  workspace_id: string;
  repository_id: string;
  what: 'issue' | 'comment' | 'review' | 'release' | 'discussion' | 'deployment';
  id: string;
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
  login_at: Generated<Date>;
  has_acted: Generated<boolean>;
}

export interface FactIssues {
  workspace_id: string;
  repository_id: string;
  number: number;
  title: string;
  url: string | null;
  author_id: string;
  state: 'open' | 'closed';
  state_reason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;
  created_at: Date;
  updated_at: Date;
  seen_at: Date;
  closed_at: Date | null;
  labels: string[];
  content_hash: string;
}

export interface FactLanguages {
  workspace_id: string;
  repository_id: string;
  observed_at: Date;
  bytes: Json;
  content_hash: string;
}

export interface FactLevels {
  workspace_id: string;
  repository_id: string;
  level: string;
  day: string;
  value: number;
  observed_at: Date;
  content_hash: string;
}

export interface FactMoments {
  workspace_id: string;
  repository_id: string;
  number: number;
  kind: string;
  at: Date;
  actor_id: string | null;
  subject: string;
  content_hash: string;
}

export interface FactPullCommits {
  workspace_id: string;
  repository_id: string;
  number: number;
  head: string;
  place: number;
  sha: string;
}

export interface FactPullDetails {
  workspace_id: string;
  repository_id: string;
  number: number;
  updated_at: Date;
  seen_at: Date;
  merged_by_id: string | null;
  additions: number;
  deletions: number;
  changed_files: number;
  commits: number;
  comments: number;
  review_comments: number;
  content_hash: string;
}

export interface FactPullDiffs {
  workspace_id: string;
  repository_id: string;
  number: number;
  head: string;
  is_whole: boolean;
  files_listed: number;
  content_hash: string;
}

export interface FactPullFiles {
  workspace_id: string;
  repository_id: string;
  number: number;
  head: string;
  place: number;
  path: string;
  previous_path: string | null;
  additions: number;
  deletions: number;
  language: string | null;
  left_out: string | null;
}

export interface FactPullHeads {
  workspace_id: string;
  repository_id: string;
  number: number;
  head: string;
  is_whole: boolean;
  commits_listed: number;
  content_hash: string;
}

export interface FactPullRequests {
  workspace_id: string;
  repository_id: string;
  number: number;
  title: string;
  url: string | null;
  author_id: string;
  state: 'open' | 'closed' | 'merged';
  is_draft: boolean;
  created_at: Date;
  updated_at: Date;
  seen_at: Date;
  closed_at: Date | null;
  merged_at: Date | null;
  merge_commit: string | null;
  base_branch: string;
  head_branch: string;
  head_sha: string;
  head_repository: string | null;
  labels: string[];
  marks: string[];
  content_hash: string;
}

export interface FactPushes {
  workspace_id: string;
  repository_id: string;
  ref: string;
  before: string;
  after: string;
  is_forced: boolean;
  pusher_id: string;
  at: Date;
  commits: number;
  content_hash: string;
}

export interface FactRefs {
  workspace_id: string;
  repository_id: string;
  kind: 'branch' | 'tag';
  name: string;
  sha: string | null;
  observed_at: Date;
  content_hash: string;
}

export interface FactReleases {
  workspace_id: string;
  repository_id: string;
  id: string;
  tag: string;
  name: string;
  url: string | null;
  author_id: string;
  is_draft: boolean;
  is_prerelease: boolean;
  created_at: Date;
  published_at: Date | null;
  updated_at: Date;
  seen_at: Date;
  content_hash: string;
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

export interface FactRepositoryProfiles {
  workspace_id: string;
  repository_id: string;
  observed_at: Date;
  visibility: 'public' | 'private' | 'internal';
  owner_id: string;
  is_fork: boolean;
  is_mirror: boolean;
  is_template: boolean;
  content_hash: string;
}

export interface FactReviews {
  workspace_id: string;
  repository_id: string;
  number: number;
  id: string;
  reviewer_id: string;
  said: 'approved' | 'changes_requested' | 'commented' | 'unknown';
  submitted_at: Date;
  commit: string | null;
  content_hash: string;
}

export interface FactStars {
  workspace_id: string;
  repository_id: string;
  user_id: string;
  is_starred: boolean;
  at: Date | null;
  observed_at: Date;
  content_hash: string;
}

export interface FactTimelineMoments {
  workspace_id: string;
  repository_id: string;
  number: number;
  place: number;
  kind: string;
  at: Date;
  actor_id: string | null;
  subject: string;
}

export interface FactTimelines {
  workspace_id: string;
  repository_id: string;
  number: number;
  as_of: Date;
  seen_at: Date;
  moments_listed: number;
  content_hash: string;
}

export interface FactWorkflowRuns {
  workspace_id: string;
  repository_id: string;
  id: string;
  attempt: number;
  name: string;
  workflow: string;
  url: string | null;
  event: string;
  branch: string | null;
  sha: string;
  actor_id: string;
  status: 'queued' | 'in_progress' | 'completed' | 'requested' | 'waiting' | 'pending';
  conclusion: string | null;
  created_at: Date;
  started_at: Date | null;
  updated_at: Date;
  seen_at: Date;
  content_hash: string;
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

export interface GithubAppHooks {
  host: string;
  pinged_at: Date | null;
  last_delivery_at: Date | null;
  last_gap_at: Date | null;
  sweep: Generated<Json>;
  swept_at: Date | null;
}

export interface GithubApps {
  host: string;
  app_number: string;
  slug: string;
  name: string;
  html_url: string;
  owner_login: string;
  client_id: string | null;
  client_secret: string | null;
  private_key: string;
  webhook_secret: string | null;
  permissions: Generated<Json>;
  events: Generated<string[]>;
  created_at: Generated<Date>;
}

export interface GithubInstallations {
  host: string;
  number: string;
  account_number: string;
  account_login: string;
  account_type: string;
  repository_selection: string;
  permissions: Generated<Json>;
  html_url: string;
  suspended_at: Date | null;
  removed_at: Date | null;
  seen_at: Generated<Date>;
  workspace_id: string | null;
}

export interface GithubUnclaimedDeliveries {
  id: string;
  host: string;
  delivery: string;
  installation: string | null;
  event: string;
  body: Buffer;
  body_encoding: 'identity' | 'gzip';
  body_sha256: Buffer;
  received_at: Generated<Date>;
  heard_at: Date | null;
}

export interface GovernorAccounts {
  key: Buffer;
  blocked_since: Date | null;
  blocked_until: Date | null;
  strikes: Generated<number>;
  seen_at: Generated<Date>;
}

export interface GovernorQuotas {
  key: Buffer;
  resource: string;
  quota: number | null;
  left_over: number | null;
  span_s: number | null;
  resets_at: Date | null;
  heard_at: Date | null;
  full_at: Generated<Date>;
}

export interface GovernorTurns {
  id: string;
  key: Buffer;
  resource: string;
  lane: number;
  cost: number;
  paced: boolean;
  asked_at: Date;
  granted_at: Date | null;
  expires_at: Date;
}

export interface HookDeliveries {
  workspace_id: string;
  raw_event_id: string;
  hook: string;
  delivery: string;
  event: string;
  action: string | null;
  repository_number: string | null;
  repository_name: string | null;
  body_sha256: Buffer;
  repeats_event_id: string | null;
  touches_sight: boolean;
  received_at: Date;
  heard_at: Generated<Date>;
}

export interface HookMarks {
  workspace_id: string;
  heard_to: Date;
}

export interface Hooks {
  workspace_id: string;
  id: string;
  connection_id: string;
  host: string;
  reach: Generated<'repository' | 'organization'>;
  name: string;
  number: string;
  remote_number: string | null;
  secret: string;
  previous_secret: string | null;
  previous_until: Date | null;
  events: Generated<string[]>;
  state: Generated<'waiting' | 'active' | 'failing' | 'removed'>;
  state_reason: string | null;
  state_since: Generated<Date>;
  pinged_at: Date | null;
  last_delivery_at: Date | null;
  last_gap_at: Date | null;
  sweep: Generated<Json>;
  swept_at: Date | null;
  created_at: Generated<Date>;
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

export interface LensActs {
  workspace_id: string | null;
  what: string | null;
  repository_id: string | null;
  item: string | null;
  number: number | null;
  identity_id: string | null;
  at: Date | null;
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

export interface LensChanges {
  workspace_id: string | null;
  repository_id: string | null;
  number: number | null;
  kind: string | null;
  signal: string | null;
}

export interface LensComments {
  workspace_id: string | null;
  repository_id: string | null;
  number: number | null;
  place: string | null;
  id: string | null;
  author_id: string | null;
  kind: string | null;
  person_id: string | null;
  created_at: Date | null;
  review: string | null;
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

export interface LensFirstCommits {
  workspace_id: string | null;
  repository_id: string | null;
  number: number | null;
  first_commit_at: Date | null;
  commits: number | null;
}

export interface LensIdentities {
  workspace_id: string | null;
  identity_id: string | null;
  kind: string | null;
  person_id: string | null;
}

export interface LensIssues {
  workspace_id: string | null;
  repository_id: string | null;
  number: number | null;
  title: string | null;
  url: string | null;
  author_id: string | null;
  kind: string | null;
  person_id: string | null;
  state: string | null;
  state_reason: string | null;
  created_at: Date | null;
  closed_at: Date | null;
  labels: string[] | null;
}

export interface LensMoments {
  workspace_id: string | null;
  repository_id: string | null;
  number: number | null;
  kind: string | null;
  at: Date | null;
  actor_id: string | null;
  subject: string | null;
}

export interface LensPeople {
  workspace_id: string | null;
  person_id: string | null;
  name: string | null;
  zone: string | null;
}

export interface LensPullRequests {
  workspace_id: string | null;
  repository_id: string | null;
  number: number | null;
  title: string | null;
  url: string | null;
  author_id: string | null;
  kind: string | null;
  person_id: string | null;
  state: string | null;
  is_draft: boolean | null;
  created_at: Date | null;
  closed_at: Date | null;
  merged_at: Date | null;
  merge_commit: string | null;
  base_branch: string | null;
  head_branch: string | null;
  head_sha: string | null;
  head_repository: string | null;
  labels: string[] | null;
  merged_by_id: string | null;
  additions: number | null;
  deletions: number | null;
  changed_files: number | null;
  commits: number | null;
  comments: number | null;
  review_comments: number | null;
}

export interface LensReviews {
  workspace_id: string | null;
  repository_id: string | null;
  number: number | null;
  id: string | null;
  reviewer_id: string | null;
  kind: string | null;
  person_id: string | null;
  said: string | null;
  submitted_at: Date | null;
  commit: string | null;
  is_dismissed: boolean | null;
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

export interface PeopleChangeOverrides {
  workspace_id: string;
  repository_id: string;
  number: number;
  kind: 'human' | 'assisted' | 'agent' | 'automation';
  reason: string;
  decided_by: string | null;
  decided_at: Generated<Date>;
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
  proof: string | null;
  claimed_at: Date | null;
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

export interface RepositorySights {
  workspace_id: string;
  person_id: string;
  repository_key: string;
  checked_at: Date | null;
  lost_at: Date | null;
  due_at: Date;
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
  connection_id: string | null;
  next_look_at: Generated<Date>;
  look_seconds: Generated<number>;
  wished_seconds: number | null;
  failures: Generated<number>;
  waiting_until: Date | null;
  asked_at: Date | null;
  stirred_at: Date | null;
  last_event_at: Date | null;
  reconciled_at: Date | null;
  plan: Json | null;
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
  private_repositories: Generated<'proven' | 'members'>;
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
  connection_flows: ConnectionFlows;
  connection_organisations: ConnectionOrganisations;
  connection_repositories: ConnectionRepositories;
  connection_secrets: ConnectionSecrets;
  connections: Connections;
  fact_alerts: FactAlerts;
  fact_check_suites: FactCheckSuites;
  fact_comments: FactComments;
  fact_commit_credits: FactCommitCredits;
  fact_commit_files: FactCommitFiles;
  fact_commit_reach: FactCommitReach;
  fact_commits: FactCommits;
  fact_community: FactCommunity;
  fact_deployment_statuses: FactDeploymentStatuses;
  fact_deployments: FactDeployments;
  fact_discussions: FactDiscussions;
  fact_forks: FactForks;
  fact_gone: FactGone;
  fact_identities: FactIdentities;
  fact_issues: FactIssues;
  fact_languages: FactLanguages;
  fact_levels: FactLevels;
  fact_moments: FactMoments;
  fact_pull_commits: FactPullCommits;
  fact_pull_details: FactPullDetails;
  fact_pull_diffs: FactPullDiffs;
  fact_pull_files: FactPullFiles;
  fact_pull_heads: FactPullHeads;
  fact_pull_requests: FactPullRequests;
  fact_pushes: FactPushes;
  fact_refs: FactRefs;
  fact_releases: FactReleases;
  fact_repositories: FactRepositories;
  fact_repository_profiles: FactRepositoryProfiles;
  fact_reviews: FactReviews;
  fact_stars: FactStars;
  fact_timeline_moments: FactTimelineMoments;
  fact_timelines: FactTimelines;
  fact_workflow_runs: FactWorkflowRuns;
  fault_occurrences: FaultOccurrences;
  faults: Faults;
  github_app_hooks: GithubAppHooks;
  github_apps: GithubApps;
  github_installations: GithubInstallations;
  github_unclaimed_deliveries: GithubUnclaimedDeliveries;
  governor_accounts: GovernorAccounts;
  governor_quotas: GovernorQuotas;
  governor_turns: GovernorTurns;
  hook_deliveries: HookDeliveries;
  hook_marks: HookMarks;
  hooks: Hooks;
  instance_settings: InstanceSettings;
  invitations: Invitations;
  job_runs: JobRuns;
  lens_acts: LensActs;
  lens_changed_lines: LensChangedLines;
  lens_changes: LensChanges;
  lens_comments: LensComments;
  lens_commit_credits: LensCommitCredits;
  lens_commit_lines: LensCommitLines;
  lens_commits: LensCommits;
  lens_first_commits: LensFirstCommits;
  lens_identities: LensIdentities;
  lens_issues: LensIssues;
  lens_moments: LensMoments;
  lens_people: LensPeople;
  lens_pull_requests: LensPullRequests;
  lens_reviews: LensReviews;
  limit_buckets: LimitBuckets;
  live_tickets: LiveTickets;
  people: People;
  people_avatars: PeopleAvatars;
  people_change_overrides: PeopleChangeOverrides;
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
  repository_sights: RepositorySights;
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
