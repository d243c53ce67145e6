-- Who did what, when and from where. The application can add entries and read them, nothing else: the time, the place in the
-- chain and the hash are given by the store at commit. An entry goes with its workspace, or when its retention ends.

set local row_security = off;

alter table workspaces add column audit_retention_days integer not null default 730 check (audit_retention_days >= 90);

create table audit_entries (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  -- In milliseconds, so that every reader of the chain sees the same text.
  at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  actor_account_id uuid,
  actor_person_id uuid,
  via text not null,
  address text,
  request_id text,
  action text not null,
  target_kind text,
  target_id text,
  target_name text,
  -- JSON as text: the hash is over these very characters
  before text,
  after text,
  -- Given at commit, in the order of commits; never null for whoever sees the entry.
  seq bigint,
  hash bytea,
  primary key (workspace_id, id)
);
create unique index audit_entries_by_seq on audit_entries (workspace_id, seq);

alter table audit_entries enable row level security;
alter table audit_entries force row level security;
create policy own_workspace on audit_entries for all to devpulse_app
  using (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid))
  with check (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid));
create policy owner_chains on audit_entries for all to current_user using (true);
grant select on audit_entries to devpulse_app;
grant insert (
  workspace_id, id, actor_account_id, actor_person_id, via, address, request_id, action, target_kind, target_id, target_name,
  before, after
) on audit_entries to devpulse_app;

-- Both ends of each chain: what the oldest entry follows, since retention takes entries away, and the newest one, without which
-- taking away the last entries could not be seen. Its lock puts the commits of a workspace in a row.
create table audit_chains (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  last_seq bigint not null default 0,
  last_hash bytea not null default decode(repeat('00', 32), 'hex'),
  -- the last entry that retention removed
  removed_seq bigint not null default 0,
  removed_hash bytea not null default decode(repeat('00', 32), 'hex')
);

-- The hash over an entry and the one before it. Each part says its length in bytes first, so that no two entries read alike.
create function chain_audit_entry() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  previous audit_chains;
  part text;
  content text := '';
  made bytea;
begin
  -- The workspace was deleted further on in the same transaction, and the entry with it.
  if not exists (select 1 from workspaces w where w.id = new.workspace_id) then
    return null;
  end if;
  insert into audit_chains (workspace_id) values (new.workspace_id) on conflict do nothing;
  select * into strict previous from audit_chains c where c.workspace_id = new.workspace_id for update;
  foreach part in array array[
    new.workspace_id::text, new.id::text, (previous.last_seq + 1)::text,
    to_char(new.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), new.actor_account_id::text, new.actor_person_id::text,
    new.via, new.address, new.request_id, new.action, new.target_kind, new.target_id, new.target_name, new.before, new.after
  ] loop
    content := content || case when part is null then '-' else octet_length(part) || ':' || part end;
  end loop;
  made := sha256(previous.last_hash || convert_to(content, 'UTF8'));
  update audit_entries e set seq = previous.last_seq + 1, hash = made
  where e.workspace_id = new.workspace_id and e.id = new.id;
  update audit_chains c set last_seq = previous.last_seq + 1, last_hash = made where c.workspace_id = new.workspace_id;
  return null;
end
$$;

-- At commit and not before: the lock on the chain is then held for a moment, and cannot clash with what the transaction did.
-- An entry that a restore puts back brings its place along; the application has no right to give one.
create constraint trigger audit_entries_chained after insert on audit_entries
  deferrable initially deferred for each row when (new.seq is null) execute function chain_audit_entry();

-- Both ends of the chain of the transaction's workspace.
create function audit_chain_ends()
returns table (last_seq bigint, last_hash bytea, removed_seq bigint, removed_hash bytea)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select c.last_seq, c.last_hash, c.removed_seq, c.removed_hash from audit_chains c
  where c.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid
$$;

-- Removes the oldest entries of the transaction's workspace, up to the first one that is still to be kept. How long is the
-- workspace's own setting, which is at least 90 days: nobody can ask for more.
create function trim_audit() returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  workspace uuid := nullif(current_setting('app.workspace', true), '')::uuid;
  oldest_kept timestamptz;
  upto bigint;
  removed bigint;
begin
  select now() - make_interval(days => w.audit_retention_days) into oldest_kept from workspaces w where w.id = workspace;
  perform 1 from audit_chains c where c.workspace_id = workspace for update;
  select coalesce(
    (select min(e.seq) - 1 from audit_entries e where e.workspace_id = workspace and e.at >= oldest_kept),
    (select max(e.seq) from audit_entries e where e.workspace_id = workspace)
  ) into upto;
  update audit_chains c set removed_seq = e.seq, removed_hash = e.hash
  from audit_entries e where c.workspace_id = workspace and e.workspace_id = workspace and e.seq = upto;
  delete from audit_entries e where e.workspace_id = workspace and e.seq <= upto;
  get diagnostics removed = row_count;
  return removed;
end
$$;

-- Where what happens to an account is written down: its personal workspace, else the one it has been in the longest.
create function home_workspace(account uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select m.workspace_id from account_members m join workspaces w on w.id = m.workspace_id
  where m.account_id = account order by (w.kind = 'personal') desc, m.created_at, m.workspace_id limit 1
$$;

revoke all on function chain_audit_entry(), audit_chain_ends(), trim_audit(), home_workspace(uuid) from public;
grant execute on function audit_chain_ends(), trim_audit(), home_workspace(uuid) to devpulse_app;
