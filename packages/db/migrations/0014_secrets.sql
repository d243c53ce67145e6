-- Secrets at rest. What must not be readable in the store is sealed with a data key, one for each workspace and one for the
-- instance; a data key is kept wrapped by a master key that is never in the store. Both tables are closed to the application,
-- which asks the functions below; only a rotation, signed in as the owner, changes what is there.

set local row_security = off;

create table secret_keys (
  kid text primary key check (kid ~ '^[A-Za-z0-9_-]{4,40}$'),
  -- null: the instance's. With the workspace its key goes, and with the key whatever a copy of the store still holds.
  workspace_id uuid references workspaces (id) on delete cascade,
  -- next: known to be coming, seals nothing yet; retired: seals nothing more, still opens
  state text not null default 'current' check (state in ('next', 'current', 'retired')),
  -- which master key wraps it
  master_id text not null,
  wrapped text not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz
);
create unique index secret_keys_one_of_a_state on secret_keys (workspace_id, state) nulls not distinct
  where state in ('next', 'current');

-- Secrets of the instance itself, such as the one that others are derived from.
create table secret_values (
  name text primary key check (length(name) between 1 and 100),
  sealed text not null,
  created_at timestamptz not null default now()
);

-- The number of the last change that every process has to follow before the next step of a rotation.
create sequence secret_key_changes;

create function secret_keys_version() returns bigint
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ select case when is_called then last_value else 0 end from secret_key_changes $$;

-- Every data key. Without the master key they open nothing.
create function read_secret_keys()
returns table (
  kid text, workspace_id uuid, state text, master_id text, wrapped text, created_at timestamptz, retired_at timestamptz
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select k.kid, k.workspace_id, k.state, k.master_id, k.wrapped, k.created_at, k.retired_at
  from secret_keys k order by k.created_at, k.kid
$$;

-- The first data key of a workspace or of the instance; whoever comes second changes nothing.
create function add_secret_key(kid text, workspace uuid, master_id text, wrapped text) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  insert into secret_keys (kid, workspace_id, master_id, wrapped)
  values (add_secret_key.kid, workspace, add_secret_key.master_id, add_secret_key.wrapped)
  on conflict do nothing;
  select pg_notify('devpulse_keys', '');
$$;

create function read_secret_value(name text) returns text
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select v.sealed from secret_values v where v.name = read_secret_value.name $$;

-- Keeps it unless there is one; answers the one that is kept.
create function add_secret_value(name text, sealed text) returns text
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
begin
  insert into secret_values as v (name, sealed) values (add_secret_value.name, add_secret_value.sealed)
  on conflict on constraint secret_values_pkey do nothing;
  return (select v.sealed from secret_values v where v.name = add_secret_value.name);
end
$$;

revoke all on function
  secret_keys_version(), read_secret_keys(), add_secret_key(text, uuid, text, text), read_secret_value(text),
  add_secret_value(text, text)
from public;
grant execute on function
  secret_keys_version(), read_secret_keys(), add_secret_key(text, uuid, text, text), read_secret_value(text),
  add_secret_value(text, text)
to devpulse_app;
