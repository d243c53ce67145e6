-- The road of the numbers: raw_* is the inbox and the archive, fact_* what it says, rollup_* the days.

set local row_security = off;

create table raw_events (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  source text not null,
  item_key text not null,
  kind text not null,
  arrival text not null check (arrival in ('pull', 'webhook', 'push')),
  -- verbatim; null once its retention ended
  body bytea,
  body_encoding text not null default 'identity' check (body_encoding in ('identity', 'gzip')),
  body_sha256 bytea not null,
  received_at timestamptz not null default now(),
  state text not null default 'pending' check (state in ('pending', 'leased', 'done', 'ignored', 'dead')),
  reason text,
  detail text,
  attempts integer not null default 0,
  run_after timestamptz not null default now(),
  lease_owner text,
  lease_until timestamptz,
  -- raised with every lease; a holder whose fence is old can finish nothing
  fence bigint not null default 0,
  finished_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, source, item_key)
) with (fillfactor = 85);
-- Bodies come compressed or small; pglz on top costs half of the acknowledgement rate.
alter table raw_events alter column body set storage external;
create index raw_events_due on raw_events (workspace_id, run_after, id) where state = 'pending';
create index raw_events_leased on raw_events (workspace_id, lease_until) where state = 'leased';
create index raw_events_dead on raw_events (workspace_id, id) where state = 'dead';
create index raw_events_kept on raw_events (workspace_id, received_at) where body is not null;

create table fact_identities (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  -- made from source and external_key, so that a rebuild gives the same
  id uuid not null,
  source text not null,
  external_key text not null,
  email text,
  login text,
  name text,
  source_kind text,
  -- the act the shown name was taken from; the newest wins
  named_at timestamptz not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  -- what the rules say; derived from rules and overrides, never from an order of events
  kind text not null check (kind in ('person', 'automation', 'agent')),
  kind_signal text not null,
  primary key (workspace_id, id),
  unique (workspace_id, source, external_key)
);
create index fact_identities_by_email on fact_identities (workspace_id, email);

create table fact_repositories (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  source text not null,
  external_key text not null,
  name text not null,
  url text,
  default_branch text,
  state text not null check (state in ('active', 'archived', 'gone')),
  observed_at timestamptz not null,
  -- decides between two versions of the same age
  content_hash text not null,
  -- what no look since this snapshot has confirmed is not reachable
  reach_baseline bigint not null default 0,
  primary key (workspace_id, id),
  unique (workspace_id, source, external_key)
);

create table fact_commits (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  sha text not null,
  author_id uuid not null,
  authored_at timestamptz not null,
  authored_offset_minutes integer not null,
  committer_id uuid not null,
  committed_at timestamptz not null,
  committed_offset_minutes integer not null,
  parents text[] not null,
  is_merge boolean not null,
  subject text not null,
  -- null: the source cannot know them
  files_changed integer,
  fidelity smallint not null,
  -- decides between two equally faithful readings
  content_hash text not null,
  primary key (workspace_id, sha)
);
create index fact_commits_by_time on fact_commits (workspace_id, authored_at);
create index fact_commits_unknown_lines on fact_commits (workspace_id, authored_at) where files_changed is null;

create table fact_commit_credits (
  workspace_id uuid not null,
  sha text not null,
  identity_id uuid not null,
  role text not null check (role in ('author', 'co_author')),
  authored_at timestamptz not null,
  primary key (workspace_id, sha, identity_id),
  foreign key (workspace_id, sha) references fact_commits (workspace_id, sha) on delete cascade
);
create index fact_commit_credits_by_identity on fact_commit_credits (workspace_id, identity_id, authored_at);

create table fact_commit_files (
  workspace_id uuid not null,
  sha text not null,
  path text not null,
  previous_path text,
  additions integer not null,
  deletions integer not null,
  language text,
  -- why its lines are not counted: generated, vendored, lockfile, snapshot, binary, submodule
  left_out text,
  primary key (workspace_id, sha, path),
  foreign key (workspace_id, sha) references fact_commits (workspace_id, sha) on delete cascade
);

-- No foreign key to fact_commits: a look may tell of a commit before the commit itself was read.
create table fact_commit_reach (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  sha text not null,
  snapshot bigint not null,
  reachable boolean not null,
  primary key (workspace_id, sha, repository_id)
);
create index fact_commit_reach_by_repository on fact_commit_reach (workspace_id, repository_id, snapshot);

-- Days to recompute. Append-only on purpose: two writers never wait for each other, and a mark written while its cell is
-- being recomputed survives, because only the marks that were seen are removed.
create table rollup_stale (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  subject_kind text not null check (subject_kind in ('person', 'workspace')),
  subject_id uuid not null,
  day date not null,
  marked_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index rollup_stale_by_cell on rollup_stale (workspace_id, subject_kind, subject_id, day);

create table rollup_days (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  subject_kind text not null check (subject_kind in ('person', 'workspace')),
  subject_id uuid not null,
  metric text not null,
  -- the zero id stands for all resources together
  resource_id uuid not null,
  day date not null,
  part text not null,
  -- things counted
  n integer not null,
  value double precision not null,
  -- denominator of a ratio
  base double precision,
  -- the day's values, where exact percentiles are wanted
  samples double precision[],
  zone text not null,
  metric_version integer not null,
  primary key (workspace_id, subject_kind, subject_id, metric, resource_id, day, part)
);
create index rollup_days_by_cell on rollup_days (workspace_id, subject_kind, subject_id, day);
