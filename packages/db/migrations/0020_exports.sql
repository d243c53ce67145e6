-- Your data: exports and imports as jobs.

set local row_security = off;

-- Somebody's data on its way out or in. The file itself is in the parts, so that every process reaches it and it goes with the
-- workspace.
create table transfers (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('export', 'import')),
  -- mine: everything about the person who asked; workspace: everything in the workspace
  scope text not null check (scope in ('mine', 'workspace')),
  account_id uuid not null,
  person_id uuid not null,
  -- uploading -> waiting -> working -> checked (an import that waits to be applied) -> waiting -> working -> done
  state text not null check (state in ('uploading', 'waiting', 'working', 'checked', 'done', 'failed')),
  -- an import: whether the next work on it is to look at the file, or to take it in
  apply boolean not null default false,
  progress jsonb,
  -- what is in the file, or what taking it in will do or did
  summary jsonb,
  error text,
  lease_owner uuid,
  lease_until timestamptz,
  bytes bigint not null default 0,
  sha256 bytea,
  -- of the secret in the link; the secret is only ever known to whoever asked for the link
  link_hash bytea,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  expires_at timestamptz not null default now() + interval '24 hours',
  primary key (workspace_id, id)
);
create index transfers_by_account on transfers (account_id, created_at);

create table transfer_parts (
  workspace_id uuid not null,
  transfer_id uuid not null,
  part integer not null,
  body bytea not null check (length(body) <= 8388608),
  primary key (workspace_id, transfer_id, part),
  foreign key (workspace_id, transfer_id) references transfers (workspace_id, id) on delete cascade
);
-- The content is a ZIP: packing it again is work for nothing.
alter table transfer_parts alter column body set storage external;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['transfers', 'transfer_parts'] loop
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
create policy owner_scans on transfers for select to current_user using (true);

-- In which workspaces is there something to write out, to take in, or to forget? Ids only.
create function workspaces_with_transfers() returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select distinct t.workspace_id from transfers t
  where t.expires_at <= now() or t.state = 'waiting' or (t.state = 'working' and t.lease_until <= now())
$$;

-- When did this account last ask for an export, in whatever workspace?
create function last_export_at(account uuid) returns timestamptz
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select max(t.created_at) from transfers t where t.account_id = account and t.kind = 'export' and t.state <> 'failed'
$$;

-- What the instance holds of an account, without anything secret. The proof is an export of the transaction's workspace that is
-- being written, which nobody but the account itself can have asked for.
create function export_account(transfer uuid) returns table (table_name text, content jsonb)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  with asked as (
    select t.account_id as id from transfers t
    where t.id = transfer and t.kind = 'export' and t.state = 'working'
      and t.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid
  )
  select 'auth.user', to_jsonb(u) from auth."user" u join asked on asked.id = u.id
  union all
  select 'auth.session', to_jsonb(s) - 'token' from auth.session s join asked on asked.id = s.user_id
  union all
  select 'auth.account', to_jsonb(a) - array['password', 'access_token', 'refresh_token', 'id_token']
  from auth.account a join asked on asked.id = a.user_id
  union all
  select 'auth.two_factor', to_jsonb(f) - array['secret', 'backup_codes'] from auth.two_factor f join asked on asked.id = f.user_id
  union all
  select 'auth.passkey', to_jsonb(k) - array['public_key', 'credential_id'] from auth.passkey k join asked on asked.id = k.user_id
  union all
  select 'account_devices', to_jsonb(d) - 'public_key' from account_devices d join asked on asked.id = d.account_id
  union all
  select 'account_preferences', to_jsonb(p) from account_preferences p join asked on asked.id = p.account_id
$$;

revoke all on function
  workspaces_with_transfers(), last_export_at(uuid), export_account(uuid)
from public;
grant execute on function
  workspaces_with_transfers(), last_export_at(uuid), export_account(uuid)
to devpulse_app;
