-- Workspaces, people, tokens, sources: what people decide. Everything of a tenant carries workspace_id first in its
-- primary key, row-level security is forced, and the application login owns nothing.
-- Roles devpulse_app and devpulse_capture exist before the first migration (see src/roles/).

set local row_security = off;

create table workspaces (
  id uuid primary key,
  kind text not null check (kind in ('personal', 'team')),
  name text not null check (length(name) between 1 and 200),
  zone text not null,
  week_start smallint not null default 1 check (week_start between 1 and 7),
  raw_retention_days integer not null default 90 check (raw_retention_days >= 1),
  created_at timestamptz not null default now()
);

create table people (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 300),
  -- null: the workspace's zone
  zone text,
  rest_weekdays smallint[] not null default '{}',
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);

create table people_members (
  workspace_id uuid not null,
  person_id uuid not null,
  role text not null check (role in ('owner', 'admin', 'manager', 'member')),
  since timestamptz not null default now(),
  primary key (workspace_id, person_id),
  foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade
);

-- A freeze pauses a streak for one day. Work on that day gives it back, which is computed, never stored.
create table people_freezes (
  workspace_id uuid not null,
  person_id uuid not null,
  day date not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, person_id, day),
  foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade
);

create table people_holidays (
  workspace_id uuid not null,
  person_id uuid not null,
  day date not null,
  name text not null,
  primary key (workspace_id, person_id, day),
  foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade
);

-- Decisions: this identity is that person. Without a row an identity is a person of its own (same id).
create table people_links (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  identity_id uuid not null,
  person_id uuid not null,
  reason text not null,
  decided_by uuid,
  decided_at timestamptz not null default now(),
  primary key (workspace_id, identity_id)
);
create index people_links_by_person on people_links (workspace_id, person_id);

-- What was decided and undone, newest last; one batch is one act that can be undone as a whole.
create table people_link_log (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  batch_id uuid not null,
  identity_id uuid not null,
  from_person_id uuid not null,
  to_person_id uuid not null,
  reason text not null,
  decided_by uuid,
  decided_at timestamptz not null default now(),
  undone_at timestamptz,
  primary key (workspace_id, id)
);
create index people_link_log_by_batch on people_link_log (workspace_id, batch_id);

-- Suggestions that somebody declined, so that they do not come back.
create table people_declined_suggestions (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  identity_a uuid not null,
  identity_b uuid not null,
  decided_by uuid,
  decided_at timestamptz not null default now(),
  primary key (workspace_id, identity_a, identity_b),
  check (identity_a < identity_b)
);

-- One table of rules that tell automation and agents from people; each row says why it is there.
create table people_kind_rules (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  field text not null check (field in ('source_kind', 'login', 'email', 'name')),
  -- `*` stands for any run of characters; compared in lower case
  pattern text not null check (length(pattern) between 1 and 300),
  kind text not null check (kind in ('person', 'automation', 'agent')),
  reason text not null,
  -- lower wins
  priority integer not null default 100,
  built_in boolean not null default false,
  enabled boolean not null default true,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, field, pattern)
);

create table people_kind_overrides (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  identity_id uuid not null,
  kind text not null check (kind in ('person', 'automation', 'agent')),
  reason text not null,
  decided_by uuid,
  decided_at timestamptz not null default now(),
  primary key (workspace_id, identity_id)
);

create table account_tokens (
  workspace_id uuid not null,
  id uuid not null,
  person_id uuid not null,
  name text not null,
  -- first characters, shown in lists; the token itself is only ever known to its holder
  prefix text not null,
  token_hash bytea not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade
);

create table sources (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  connector text not null,
  -- what makes this source the same one when it is added again, for example a folder's real path
  natural_key text not null,
  name text not null,
  settings jsonb not null,
  cursor jsonb,
  state text not null default 'new' check (state in ('new', 'reading', 'ok', 'failed', 'paused')),
  progress jsonb,
  -- who reads it now, until when; database time
  lease_owner text,
  lease_until timestamptz,
  last_checked_at timestamptz,
  last_error jsonb,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, connector, natural_key)
);

-- Not of a tenant: which job ran when, and how it ended.
create table job_runs (
  id uuid primary key,
  name text not null,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  outcome text check (outcome in ('done', 'failed')),
  detail text
);
create index job_runs_by_name on job_runs (name, started_at desc);

-- Not of a tenant: facts about this instance, such as when it was set up.
create table instance_settings (
  key text primary key,
  value jsonb not null
);
