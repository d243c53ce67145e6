-- What is over is forgotten by a job and not only when somebody happens to sign in. How long each kind of data stays is one
-- table in the program (apps/server/src/retention/); a test makes old rows of each kind and runs the jobs.

set local row_security = off;

-- Sign-ins, devices and links that ended long ago, of all accounts; says how many went.
create function forget_ended_sign_ins() returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  removed bigint := 0;
  gone bigint;
begin
  delete from auth.session s where least(s.expires_at, s.revoked_at) < now() - interval '30 days';
  get diagnostics gone = row_count;
  removed := removed + gone;
  delete from auth.verification v where v.expires_at < now() - interval '1 day';
  get diagnostics gone = row_count;
  removed := removed + gone;
  delete from account_setup_links l where least(l.expires_at, l.used_at) < now() - interval '30 days';
  get diagnostics gone = row_count;
  removed := removed + gone;
  delete from account_pairings p where p.expires_at < now() - interval '1 day';
  get diagnostics gone = row_count;
  removed := removed + gone;
  delete from account_refresh_tokens t where t.expires_at < now() - interval '1 day';
  get diagnostics gone = row_count;
  removed := removed + gone;
  delete from account_devices d where least(d.expires_at, d.revoked_at) < now() - interval '60 days';
  get diagnostics gone = row_count;
  return removed + gone;
end
$$;

-- Sources of which everything that was read is to be erased. The source itself is gone at once; a job removes the rest in steps,
-- and the row with it.
create table source_erasures (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  connector text not null,
  natural_key text not null,
  name text not null,
  ordered_at timestamptz not null default now(),
  -- Authors of what is erased, found before it is; null: not looked for yet.
  identities uuid[],
  primary key (workspace_id, id),
  unique (workspace_id, connector, natural_key)
);
alter table source_erasures enable row level security;
alter table source_erasures force row level security;
create policy own_workspace on source_erasures for all to devpulse_app
  using (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid))
  with check (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid));
create policy owner_scans on source_erasures for select to current_user using (true);
grant select, insert, update, delete on source_erasures to devpulse_app;

-- Which workspaces have something to erase? Ids only.
create function workspaces_with_erasures() returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select distinct e.workspace_id from source_erasures e $$;

revoke all on function forget_ended_sign_ins(), workspaces_with_erasures() from public;
grant execute on function forget_ended_sign_ins(), workspaces_with_erasures() to devpulse_app;
