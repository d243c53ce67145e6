-- The ways into another service: who granted what, apart from signing in. Secrets stand in a table of their own, sealed, so that
-- reading a connection never touches them. The GitHub App belongs to the instance; each of its installations to one workspace.

set local row_security = off;

create table connections (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('oauth', 'token', 'app')),
  -- what kind of credential it is: oauth, app user, classic, fine-grained, installation
  form text not null,
  host text not null,
  -- Whose grant it is, or on whose account the App is installed: a number, since logins change hands.
  account_number text not null,
  login text not null,
  account_type text not null default 'User',
  -- Whose grant it is here; null for an installation.
  person_id uuid,
  -- which OAuth client it was granted to; only that one can renew it or give it back
  client_id text,
  installation_number text,
  repository_selection text,
  scopes text[] not null default '{}',
  -- what was granted once: what is missing of it now was taken back
  agreed text[] not null default '{}',
  permissions jsonb not null default '{}',
  state text not null default 'unchecked'
    check (state in ('unchecked', 'ok', 'dead', 'narrowed', 'sso', 'suspended', 'removed', 'expired', 'disconnected')),
  state_detail jsonb,
  state_since timestamptz not null default now(),
  -- when the grant itself ends, as with a pasted token
  expires_at timestamptz,
  checked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index connections_by_account on connections (workspace_id, host, account_number);
create unique index connections_of_installations on connections (workspace_id, host, installation_number)
  where installation_number is not null;

create table connection_secrets (
  workspace_id uuid not null,
  connection_id uuid not null,
  access_token text,
  refresh_token text,
  -- raised with every new token
  version integer not null default 1,
  access_expires_at timestamptz,
  refresh_expires_at timestamptz,
  renewed_at timestamptz not null default now(),
  -- who asks for a new token now, until when; database time
  lease_owner text,
  lease_until timestamptz,
  primary key (workspace_id, connection_id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);

-- A browser that was sent to the other service and is expected back within minutes.
create table connection_flows (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  purpose text not null,
  state_hash bytea not null,
  -- of what the browser keeps, so that nobody can be led through somebody else's flow
  browser_hash bytea not null,
  verifier text,
  details jsonb not null default '{}',
  person_id uuid not null,
  session_id uuid not null,
  expires_at timestamptz not null,
  primary key (workspace_id, id)
);
create unique index connection_flows_by_state on connection_flows (workspace_id, state_hash);

-- What a connection reaches, as far as somebody had it listed.
create table connection_repositories (
  workspace_id uuid not null,
  connection_id uuid not null,
  number text not null,
  full_name text not null,
  owner_number text not null,
  owner_login text not null,
  is_private boolean not null,
  is_fork boolean not null,
  is_archived boolean not null,
  default_branch text,
  pushed_at timestamptz,
  -- what became of it since it was first seen: renamed, transferred, made private, archived, deleted, unreachable
  change text,
  change_from text,
  changed_at timestamptz,
  seen_at timestamptz not null default now(),
  -- null: the last whole listing has it
  gone_at timestamptz,
  primary key (workspace_id, connection_id, number),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
create index connection_repositories_by_name on connection_repositories (workspace_id, connection_id, lower(full_name) collate "C", number);

create table connection_organisations (
  workspace_id uuid not null,
  connection_id uuid not null,
  number text not null,
  login text not null,
  -- Off: nothing of it is read.
  included boolean not null default true,
  -- Set where the organisation wants the grant authorised for single sign-on; the page on which that is done.
  sso_url text,
  seen_at timestamptz not null default now(),
  primary key (workspace_id, connection_id, number),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);

-- Facts outlive the connection they came by.
alter table sources add column connection_id uuid;
-- Whether the rows there keep to it is asked as the owner, who is held to the policies like everybody else.
alter table sources no force row level security;
alter table sources add constraint sources_connection_id_fkey foreign key (workspace_id, connection_id)
  references connections (workspace_id, id) on delete set null (connection_id);
alter table sources force row level security;
create index sources_by_connection on sources (workspace_id, connection_id) where connection_id is not null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array[
    'connections', 'connection_secrets', 'connection_flows', 'connection_repositories', 'connection_organisations'
  ] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format(
      'create policy own_workspace on %I for all to devpulse_app
         using (workspace_id = (select nullif(current_setting(''app.workspace'', true), '''')::uuid))
         with check (workspace_id = (select nullif(current_setting(''app.workspace'', true), '''')::uuid))',
      tenant_table
    );
    execute format('grant select, insert, update, delete on %I to devpulse_app', tenant_table);
  end loop;
end
$$;

-- Connections that nobody has looked at for long. Ids only.
create policy owner_scans on connections for select to current_user using (true);
create function workspaces_with_unchecked_connections(before timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select distinct c.workspace_id from connections c
  where c.state in ('unchecked', 'ok', 'narrowed', 'sso', 'suspended') and (c.checked_at is null or c.checked_at < before)
$$;

-- The App of the instance, one for each GitHub. Closed to the application, which asks the functions below; what is secret is
-- sealed before it comes here.
create table github_apps (
  host text primary key,
  app_number text not null,
  slug text not null,
  name text not null,
  html_url text not null,
  owner_login text not null,
  client_id text,
  client_secret text,
  private_key text not null,
  webhook_secret text,
  permissions jsonb not null default '{}',
  events text[] not null default '{}',
  created_at timestamptz not null default now()
);

-- Where the App is installed. One workspace at most has claimed an installation, and only it is told of it.
create table github_installations (
  host text not null,
  number text not null,
  account_number text not null,
  account_login text not null,
  account_type text not null,
  repository_selection text not null,
  permissions jsonb not null default '{}',
  html_url text not null,
  suspended_at timestamptz,
  removed_at timestamptz,
  seen_at timestamptz not null default now(),
  workspace_id uuid references workspaces (id) on delete set null,
  primary key (host, number)
);
create index github_installations_by_workspace on github_installations (workspace_id) where workspace_id is not null;

create function read_github_app(host text)
returns table (
  app_number text, slug text, name text, html_url text, owner_login text, client_id text, client_secret text,
  private_key text, webhook_secret text, permissions jsonb, events text[], created_at timestamptz
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select a.app_number, a.slug, a.name, a.html_url, a.owner_login, a.client_id, a.client_secret, a.private_key, a.webhook_secret,
    a.permissions, a.events, a.created_at
  from github_apps a where a.host = read_github_app.host
$$;

-- Another App than the one before has other installations.
create function save_github_app(
  host text, app_number text, slug text, name text, html_url text, owner_login text, client_id text, client_secret text,
  private_key text, webhook_secret text, permissions jsonb, events text[]
) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  delete from github_installations i where i.host = save_github_app.host and exists (
    select 1 from github_apps a where a.host = i.host and a.app_number <> save_github_app.app_number
  );
  insert into github_apps as a values (
    save_github_app.host, save_github_app.app_number, save_github_app.slug, save_github_app.name, save_github_app.html_url,
    save_github_app.owner_login, save_github_app.client_id, save_github_app.client_secret, save_github_app.private_key,
    save_github_app.webhook_secret, save_github_app.permissions, save_github_app.events
  )
  on conflict on constraint github_apps_pkey do update set
    app_number = excluded.app_number, slug = excluded.slug, name = excluded.name, html_url = excluded.html_url,
    owner_login = excluded.owner_login, client_id = excluded.client_id, client_secret = excluded.client_secret,
    private_key = excluded.private_key, webhook_secret = excluded.webhook_secret, permissions = excluded.permissions,
    events = excluded.events;
$$;

create function forget_github_app(host text) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  delete from github_installations i where i.host = forget_github_app.host;
  with gone as (delete from github_apps a where a.host = forget_github_app.host returning 1) select exists (select 1 from gone);
$$;

-- What is known of an installation now. What was claimed stays claimed: only the answer says by whom.
create function save_installation(
  host text, number text, account_number text, account_login text, account_type text, repository_selection text,
  permissions jsonb, html_url text, suspended_at timestamptz, removed_at timestamptz
) returns uuid
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  insert into github_installations as i (
    host, number, account_number, account_login, account_type, repository_selection, permissions, html_url, suspended_at, removed_at
  ) values (
    save_installation.host, save_installation.number, save_installation.account_number, save_installation.account_login,
    save_installation.account_type, save_installation.repository_selection, save_installation.permissions,
    save_installation.html_url, save_installation.suspended_at, save_installation.removed_at
  )
  on conflict on constraint github_installations_pkey do update set
    account_number = excluded.account_number, account_login = excluded.account_login, account_type = excluded.account_type,
    repository_selection = excluded.repository_selection, permissions = excluded.permissions, html_url = excluded.html_url,
    suspended_at = excluded.suspended_at, removed_at = excluded.removed_at, seen_at = now()
  returning i.workspace_id
$$;

-- Every installation that is there, for those who look after the instance, or those on these accounts.
create function list_installations(host text, account_numbers text[])
returns table (
  number text, account_number text, account_login text, account_type text, repository_selection text, permissions jsonb,
  html_url text, suspended_at timestamptz, removed_at timestamptz, seen_at timestamptz, workspace_id uuid
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select i.number, i.account_number, i.account_login, i.account_type, i.repository_selection, i.permissions, i.html_url,
    i.suspended_at, i.removed_at, i.seen_at, i.workspace_id
  from github_installations i
  where i.host = list_installations.host and (account_numbers is null or i.account_number = any(account_numbers))
  order by i.number
$$;

-- One workspace and no other: whoever comes second is refused, until the first gives it up.
create function claim_installation(host text, number text, workspace uuid) returns text
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  holder uuid;
begin
  select i.workspace_id into holder from github_installations i
  where i.host = claim_installation.host and i.number = claim_installation.number and i.removed_at is null for update;
  if not found then return 'missing'; end if;
  if holder = workspace then return 'yours'; end if;
  if holder is not null then return 'taken'; end if;
  update github_installations i set workspace_id = workspace
  where i.host = claim_installation.host and i.number = claim_installation.number;
  return 'claimed';
end
$$;

create function release_installation(host text, number text, workspace uuid) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update github_installations i set workspace_id = null
  where i.host = release_installation.host and i.number = release_installation.number and i.workspace_id = workspace
$$;

-- Whose delivery is this? For what GitHub sends, which names an installation and no workspace.
create function workspace_of_installation(host text, number text) returns uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select i.workspace_id from github_installations i
  where i.host = workspace_of_installation.host and i.number = workspace_of_installation.number
$$;

revoke all on function
  workspaces_with_unchecked_connections(timestamptz), read_github_app(text),
  save_github_app(text, text, text, text, text, text, text, text, text, text, jsonb, text[]), forget_github_app(text),
  save_installation(text, text, text, text, text, text, jsonb, text, timestamptz, timestamptz),
  list_installations(text, text[]), claim_installation(text, text, uuid), release_installation(text, text, uuid),
  workspace_of_installation(text, text)
from public;
grant execute on function
  workspaces_with_unchecked_connections(timestamptz), read_github_app(text),
  save_github_app(text, text, text, text, text, text, text, text, text, text, jsonb, text[]), forget_github_app(text),
  save_installation(text, text, text, text, text, text, jsonb, text, timestamptz, timestamptz),
  list_installations(text, text[]), claim_installation(text, text, uuid), release_installation(text, text, uuid),
  workspace_of_installation(text, text)
to devpulse_app;
