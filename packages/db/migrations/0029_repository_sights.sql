-- Which repositories a member is told of (decision 0030). What a forge keeps private is told to those of whom it said lately that
-- they may read it, unless the owner of the workspace decided otherwise.

set local row_security = off;

alter table workspaces
  -- proven: each member what the forge lets them see; members: everybody what the workspace watches
  add column private_repositories text not null default 'proven' check (private_repositories in ('proven', 'members'));

-- When what somebody's own connection reaches is listed anew.
alter table connections add column relist_at timestamptz not null default now() + interval '1 day';
create index connections_by_person on connections (workspace_id, person_id) where person_id is not null;

-- What GitHub answered when it was asked whether a member may read a repository. By the repository's key, since it may be watched
-- before anything is known of it.
create table repository_sights (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  person_id uuid not null,
  repository_key text not null,
  -- when the source last said so; null: it has not been asked with success
  checked_at timestamptz,
  -- null: they may read it, as far as checked_at reaches; else since when they may not
  lost_at timestamptz,
  -- when it is asked next; a question that failed leaves all else as it was
  due_at timestamptz not null,
  primary key (workspace_id, person_id, repository_key)
);
create index repository_sights_due on repository_sights (workspace_id, due_at);
create index repository_sights_by_repository on repository_sights (workspace_id, repository_key);

alter table repository_sights enable row level security;
alter table repository_sights force row level security;
create policy own_workspace on repository_sights for all to devpulse_app
  using (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid))
  with check (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid));
grant select, insert, update, delete on repository_sights to devpulse_app;
