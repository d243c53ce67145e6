-- Who signs in. An account is of the instance, since one person may act in several workspaces; what it is in each of them is
-- a row of the tenant. Accounts, sessions, set-up links and attempts are closed to the application altogether: it asks the
-- functions below, whose proof is a hash that only the holder of a cookie or a link can bring.

set local row_security = off;

alter table workspaces drop constraint workspaces_kind_check;
alter table workspaces add constraint workspaces_kind_check check (kind in ('personal', 'team', 'demo'));

create table accounts (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  -- argon2id in PHC format; null: cannot sign in with a password
  password_hash text,
  created_at timestamptz not null default now()
);

create table account_members (
  workspace_id uuid not null,
  account_id uuid not null references accounts (id) on delete cascade,
  person_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, account_id),
  foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade
);
create index account_members_by_account on account_members (account_id);

create table account_sessions (
  id uuid primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  -- The one acted in. Where it goes away the session goes on in another one of the account, see find_session.
  workspace_id uuid references workspaces (id) on delete set null,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  -- what the browser called itself, so that a list of sessions can be told apart
  agent text not null default ''
);
create index account_sessions_by_account on account_sessions (account_id);
create index account_sessions_by_workspace on account_sessions (workspace_id);

create table account_setup_links (
  token_hash bytea primary key,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz
);

-- How often signing in was tried lately, from one address and altogether.
create table account_attempts (
  key text primary key,
  began_at timestamptz not null default now(),
  attempts integer not null
);

alter table account_members enable row level security;
alter table account_members force row level security;
create policy own_workspace on account_members for all to devpulse_app
  using (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid))
  with check (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid));
grant select, insert, update, delete on account_members to devpulse_app;
create policy owner_scans on account_members for select to current_user using (true);

-- Whose session is this, and where does it act? In the workspace it was left in while the account still belongs there, else
-- in the one that the account has been in the longest.
create function find_session(hash bytea)
returns table (session_id uuid, account_id uuid, account_name text, workspace_id uuid, person_id uuid, last_seen_at timestamptz)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select s.id, a.id, a.name, m.workspace_id, m.person_id, s.last_seen_at
  from account_sessions s
  join accounts a on a.id = s.account_id
  cross join lateral (
    select each.workspace_id, each.person_id from account_members each where each.account_id = s.account_id
    order by (each.workspace_id = s.workspace_id) desc nulls last, each.created_at, each.workspace_id limit 1
  ) m
  where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
$$;

-- Where may the holder of this session act? Ids only; names are read inside each workspace.
create function session_workspaces(hash bytea) returns table (workspace_id uuid, person_id uuid)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select m.workspace_id, m.person_id from account_sessions s join account_members m on m.account_id = s.account_id
  where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
  order by m.created_at, m.workspace_id
$$;

-- Thirty days from the last use, at most 180 from signing in. Sessions that ended long ago are forgotten on the way.
create function open_session(id uuid, account uuid, workspace uuid, hash bytea, agent text) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  delete from account_sessions s where least(s.expires_at, s.revoked_at) < now() - interval '30 days';
  insert into account_sessions (id, account_id, workspace_id, token_hash, expires_at, agent)
  values (open_session.id, account, workspace, hash, now() + interval '30 days', left(open_session.agent, 300));
$$;

-- The session is in use. At most once a minute it is written down, whatever the number of processes.
create function touch_session(hash bytea) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update account_sessions s
  set last_seen_at = now(), expires_at = least(now() + interval '30 days', s.created_at + interval '180 days')
  where s.token_hash = hash and s.revoked_at is null and s.expires_at > now() and s.last_seen_at < now() - interval '1 minute';
$$;

create function end_session(hash bytea) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ update account_sessions s set revoked_at = now() where s.token_hash = hash and s.revoked_at is null; $$;

-- Acts in another workspace from now on; false when the account does not belong there.
create function move_session(hash bytea, workspace uuid) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with moved as (
    update account_sessions s set workspace_id = workspace
    where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
      and exists (select 1 from account_members m where m.account_id = s.account_id and m.workspace_id = workspace)
    returning 1
  )
  select exists (select 1 from moved)
$$;

-- The account that owns this instance: the first one. Its hash goes out because the check of a password costs more than a
-- database should spend.
create function find_owner_account() returns table (account_id uuid, name text, password_hash text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select a.id, a.name, a.password_hash from accounts a order by a.created_at, a.id limit 1 $$;

-- Makes the owner's account, or gives the one there is another name and password and ends all its sessions: whoever had to
-- come back by a link may have lost them to somebody.
create function save_owner_account(id uuid, name text, password_hash text) returns uuid
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  known uuid;
begin
  perform pg_advisory_xact_lock(7270411002);
  select a.account_id into known from find_owner_account() a;
  if known is null then
    insert into accounts (id, name, password_hash)
    values (save_owner_account.id, save_owner_account.name, save_owner_account.password_hash);
    return save_owner_account.id;
  end if;
  update accounts a set name = save_owner_account.name, password_hash = save_owner_account.password_hash where a.id = known;
  update account_sessions s set revoked_at = now() where s.account_id = known and s.revoked_at is null;
  return known;
end
$$;

-- A new one-time link; every earlier one ends.
create function replace_setup_link(hash bytea) returns timestamptz
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  select pg_advisory_xact_lock(7270411003);
  delete from account_setup_links;
  insert into account_setup_links (token_hash, expires_at) values (hash, now() + interval '24 hours') returning expires_at;
$$;

-- How is it with this link: valid, used, expired, or unknown?
create function look_at_setup_link(hash bytea) returns text
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select coalesce(
    (select case when l.used_at is not null then 'used' when l.expires_at <= now() then 'expired' else 'valid' end
     from account_setup_links l where l.token_hash = hash),
    'unknown')
$$;

-- True for one caller only.
create function use_setup_link(hash bytea) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with used as (
    update account_setup_links l set used_at = now()
    where l.token_hash = hash and l.used_at is null and l.expires_at > now() returning 1
  )
  select exists (select 1 from used)
$$;

-- Counts an attempt before it is made, so that many at once are counted too. Answers the seconds to wait, 0: go on. Counts that
-- are over are swept last and only where nobody holds them, so that two callers never wait for each other.
create function note_attempt(key text, most integer) returns integer
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  wait integer;
begin
  insert into account_attempts as a (key, attempts) values (note_attempt.key, 1)
  on conflict on constraint account_attempts_pkey do update set
    attempts = case when a.began_at <= now() - interval '15 minutes' then 1 else least(a.attempts, most) + 1 end,
    began_at = case when a.began_at <= now() - interval '15 minutes' then now() else a.began_at end
  returning case when a.attempts <= most then 0
    else greatest(1, ceil(extract(epoch from a.began_at + interval '15 minutes' - now())))::integer end
  into wait;
  delete from account_attempts a where a.key in (
    select old.key from account_attempts old where old.began_at <= now() - interval '15 minutes' for update skip locked
  );
  return wait;
end
$$;

create function forget_attempts(key text) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ delete from account_attempts a where a.key = forget_attempts.key; $$;

revoke all on function
  find_session(bytea), session_workspaces(bytea), open_session(uuid, uuid, uuid, bytea, text), touch_session(bytea),
  end_session(bytea), move_session(bytea, uuid), find_owner_account(), save_owner_account(uuid, text, text),
  replace_setup_link(bytea), look_at_setup_link(bytea), use_setup_link(bytea), note_attempt(text, integer),
  forget_attempts(text)
from public;
grant execute on function
  find_session(bytea), session_workspaces(bytea), open_session(uuid, uuid, uuid, bytea, text), touch_session(bytea),
  end_session(bytea), move_session(bytea, uuid), find_owner_account(), save_owner_account(uuid, text, text),
  replace_setup_link(bytea), look_at_setup_link(bytea), use_setup_link(bytea), note_attempt(text, integer),
  forget_attempts(text)
to devpulse_app;
