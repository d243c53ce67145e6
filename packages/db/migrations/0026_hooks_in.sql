-- What GitHub tells by itself. A delivery is a raw event like every other; here stands whose hook it came by, what it was about,
-- and what came for nobody yet.

set local row_security = off;

create table hooks (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  -- stands in the address that GitHub delivers to
  id uuid not null,
  connection_id uuid not null,
  host text not null,
  reach text not null default 'repository' check (reach in ('repository', 'organization')),
  -- what GitHub calls what it hangs on, and its number, which stays when the name changes
  name text not null,
  number text not null,
  -- its number at GitHub; null: it is just being made
  remote_number text,
  secret text not null,
  -- counts beside the new one until then
  previous_secret text,
  previous_until timestamptz,
  events text[] not null default '{}',
  state text not null default 'waiting' check (state in ('waiting', 'active', 'failing', 'removed')),
  state_reason text,
  state_since timestamptz not null default now(),
  pinged_at timestamptz,
  last_delivery_at timestamptz,
  -- when deliveries were last missing, and until when what was missed is out of reach of asking again
  last_gap_at timestamptz,
  -- of the sweeper: how far it has come, and what it asked for again how often
  sweep jsonb not null default '{}',
  swept_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  foreign key (workspace_id, connection_id) references connections (workspace_id, id) on delete cascade
);
create index hooks_by_id on hooks (id);
create unique index hooks_by_target on hooks (workspace_id, connection_id, reach, number);

-- What a delivery was about; made after it was acknowledged, and made again from its event where it is missing.
create table hook_deliveries (
  workspace_id uuid not null,
  raw_event_id uuid not null,
  -- `app`, or the id of the hook
  hook text not null,
  delivery text not null,
  event text not null,
  action text,
  repository_number text,
  repository_name text,
  body_sha256 bytea not null,
  -- the first delivery of the same hook with the same body, under another id
  repeats_event_id uuid,
  -- says that it may have changed who is let see what
  touches_sight boolean not null,
  received_at timestamptz not null,
  heard_at timestamptz not null default now(),
  primary key (workspace_id, raw_event_id),
  foreign key (workspace_id, raw_event_id) references raw_events (workspace_id, id) on delete cascade
);
create index hook_deliveries_by_body on hook_deliveries (workspace_id, hook, body_sha256);
create index hook_deliveries_by_repository on hook_deliveries (workspace_id, repository_number, received_at)
  where repository_number is not null;
create index hook_deliveries_of_sight on hook_deliveries (workspace_id, received_at) where touches_sight;

-- Up to when every delivery was heard.
create table hook_marks (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  heard_to timestamptz not null,
  primary key (workspace_id)
);

create index raw_events_told on raw_events (workspace_id, received_at) where arrival = 'webhook';

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['hooks', 'hook_deliveries', 'hook_marks'] loop
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

-- A delivery names the hook it came by and no workspace; whether it is genuine only the secret tells.
create policy owner_scans on hooks for select to current_user using (true);
create function find_hook(hook uuid)
returns table (workspace_id uuid, secret text, previous_secret text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select h.workspace_id, h.secret, case when h.previous_until > now() then h.previous_secret end
  from hooks h where h.id = find_hook.hook
$$;

-- Whether a repository is read in a workspace: a hook may tell of more than somebody chose.
create policy owner_looks_up on sources for select to current_user using (true);
create function is_watched(workspace uuid, connector text, repository text) returns boolean
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select exists (
    select 1 from sources s
    where s.workspace_id = is_watched.workspace and s.connector = is_watched.connector and s.natural_key = is_watched.repository
      and s.state <> 'paused'
  )
$$;

-- Where deliveries may have come in since they were last heard, and where hooks are to be looked at. Ids only.
create policy owner_scans on hook_marks for select to current_user using (true);
create function workspaces_told() returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select w.id from workspaces w
  where exists (
    select 1 from raw_events e
    where e.workspace_id = w.id and e.arrival = 'webhook'
      and e.received_at >= coalesce((select m.heard_to from hook_marks m where m.workspace_id = w.id), '-infinity')
  )
$$;
create function workspaces_with_hooks() returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select distinct h.workspace_id from hooks h where h.state <> 'removed' $$;

-- What came for an installation that nobody has claimed. Closed to the application; kept a day and then gone.
create table github_unclaimed_deliveries (
  id uuid primary key,
  host text not null,
  delivery text not null,
  installation text,
  event text not null,
  body bytea not null,
  body_encoding text not null check (body_encoding in ('identity', 'gzip')),
  body_sha256 bytea not null,
  received_at timestamptz not null default now(),
  -- what it says of the installation itself was followed
  heard_at timestamptz,
  constraint github_unclaimed_once unique (host, delivery, body_sha256)
);
alter table github_unclaimed_deliveries alter column body set storage external;
create index github_unclaimed_deliveries_by_installation on github_unclaimed_deliveries (host, installation);
create index github_unclaimed_deliveries_unheard on github_unclaimed_deliveries (received_at) where heard_at is null;

-- False: there is no room for more of what is nobody's.
create function keep_unclaimed(
  id uuid, host text, delivery text, installation text, event text, body bytea, body_encoding text, body_sha256 bytea,
  most_rows integer, most_bytes bigint
) returns boolean
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  kept record;
begin
  select count(*) as rows, coalesce(sum(octet_length(u.body)), 0) as bytes into kept from github_unclaimed_deliveries u
  where u.host = keep_unclaimed.host and u.installation is not distinct from keep_unclaimed.installation;
  if kept.rows >= most_rows or kept.bytes + octet_length(keep_unclaimed.body) > most_bytes then return false; end if;
  insert into github_unclaimed_deliveries (id, host, delivery, installation, event, body, body_encoding, body_sha256)
  values (
    keep_unclaimed.id, keep_unclaimed.host, keep_unclaimed.delivery, keep_unclaimed.installation, keep_unclaimed.event,
    keep_unclaimed.body, keep_unclaimed.body_encoding, keep_unclaimed.body_sha256
  ) on conflict on constraint github_unclaimed_once do nothing;
  return true;
end
$$;

-- What has an owner by now, the oldest first.
create function list_claimed(host text, most integer)
returns table (id uuid, workspace_id uuid, delivery text, event text, body bytea, body_encoding text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select u.id, i.workspace_id, u.delivery, u.event, u.body, u.body_encoding
  from github_unclaimed_deliveries u
  join github_installations i on i.host = u.host and i.number = u.installation and i.workspace_id is not null
  where u.host = list_claimed.host
  order by u.received_at, u.id limit most
$$;

-- What tells of installations and of the hook itself, which is followed whether or not somebody has claimed them.
create function list_unheard(host text, most integer)
returns table (id uuid, event text, body bytea, body_encoding text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select u.id, u.event, u.body, u.body_encoding from github_unclaimed_deliveries u
  where u.host = list_unheard.host and u.heard_at is null and u.event in ('installation', 'ping')
  order by u.received_at, u.id limit most
$$;
create function find_unclaimed(host text, deliveries text[]) returns table (delivery text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select u.delivery from github_unclaimed_deliveries u where u.host = find_unclaimed.host and u.delivery = any(deliveries)
$$;
create function note_unclaimed_heard(ids uuid[]) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ update github_unclaimed_deliveries u set heard_at = now() where u.id = any(ids) $$;
create function forget_unclaimed(ids uuid[]) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ delete from github_unclaimed_deliveries u where u.id = any(ids) $$;
create function trim_unclaimed(before timestamptz) returns bigint
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with gone as (delete from github_unclaimed_deliveries u where u.received_at < before returning 1) select count(*) from gone
$$;

-- The hook of the App as the sweeper knows it; one for each GitHub.
create table github_app_hooks (
  host text primary key,
  pinged_at timestamptz,
  last_delivery_at timestamptz,
  last_gap_at timestamptz,
  sweep jsonb not null default '{}',
  swept_at timestamptz
);
create function read_app_hook(host text)
returns table (pinged_at timestamptz, last_delivery_at timestamptz, last_gap_at timestamptz, sweep jsonb, swept_at timestamptz)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select a.pinged_at, a.last_delivery_at, a.last_gap_at, a.sweep, a.swept_at from github_app_hooks a where a.host = read_app_hook.host
$$;
create function note_app_delivery(host text, at timestamptz, is_ping boolean) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  insert into github_app_hooks as a (host, last_delivery_at, pinged_at)
  values (note_app_delivery.host, note_app_delivery.at, case when is_ping then note_app_delivery.at end)
  on conflict on constraint github_app_hooks_pkey do update set
    last_delivery_at = greatest(a.last_delivery_at, excluded.last_delivery_at),
    pinged_at = greatest(a.pinged_at, excluded.pinged_at)
$$;
create function note_app_sweep(host text, sweep jsonb, gap_at timestamptz) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  insert into github_app_hooks as a (host, sweep, swept_at, last_gap_at)
  values (note_app_sweep.host, note_app_sweep.sweep, now(), note_app_sweep.gap_at)
  on conflict on constraint github_app_hooks_pkey do update set
    sweep = excluded.sweep, swept_at = excluded.swept_at, last_gap_at = coalesce(excluded.last_gap_at, a.last_gap_at)
$$;
-- Whom a gap of the App concerns.
create function workspaces_with_installations(host text) returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select distinct i.workspace_id from github_installations i
  where i.host = workspaces_with_installations.host and i.workspace_id is not null and i.removed_at is null
$$;

do $$
declare
  routine text;
begin
  foreach routine in array array[
    'find_hook(uuid)', 'is_watched(uuid, text, text)', 'workspaces_told()', 'workspaces_with_hooks()',
    'keep_unclaimed(uuid, text, text, text, text, bytea, text, bytea, integer, bigint)', 'list_claimed(text, integer)',
    'list_unheard(text, integer)', 'find_unclaimed(text, text[])', 'note_unclaimed_heard(uuid[])', 'forget_unclaimed(uuid[])', 'trim_unclaimed(timestamptz)',
    'read_app_hook(text)', 'note_app_delivery(text, timestamptz, boolean)', 'note_app_sweep(text, jsonb, timestamptz)',
    'workspaces_with_installations(text)'
  ] loop
    execute format('revoke all on function %s from public', routine);
    execute format('grant execute on function %s to devpulse_app', routine);
  end loop;
end
$$;
