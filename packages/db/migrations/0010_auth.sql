-- Who signs in, in a schema of its own with a login of its own: the tables of the sign-in library, and nothing else. The
-- application may not read them; it asks the owner's functions below, as before, with a hash as its proof. Tokens of sessions
-- are kept as their hash, what other servers gave us is sealed, passwords are argon2id.

set local row_security = off;

create schema auth;

create table auth."user" (
  id uuid primary key,
  name text not null check (length(name) between 1 and 200),
  -- In small letters. Where nobody told one it ends in no-address.invalid, which is never shown and never written to.
  email text not null unique,
  email_verified boolean not null default false,
  image text,
  two_factor_enabled boolean not null default false,
  -- whom the one-time link of the command line is for
  owns_instance boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index user_owns_instance on auth."user" (owns_instance) where owns_instance;

create table auth.session (
  id uuid primary key,
  user_id uuid not null references auth."user" (id) on delete cascade,
  -- The one acted in. Where it goes away the session goes on in another one of the account, see find_session.
  workspace_id uuid references public.workspaces (id) on delete set null,
  -- SHA-256 in hexadecimal digits; the token itself is known to the browser alone
  token text not null unique,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  ip_address text,
  -- what the browser called itself, so that a list of sessions can be told apart
  user_agent text
);
create index session_by_user on auth.session (user_id);
create index session_by_workspace on auth.session (workspace_id);

-- One way to sign in: a password (provider "credential"), or an identity elsewhere under the number it has there.
create table auth.account (
  id uuid primary key,
  user_id uuid not null references auth."user" (id) on delete cascade,
  provider_id text not null,
  account_id text not null,
  -- What the other side calls it today; names change hands, numbers do not.
  login text,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  -- what was granted, separated by commas
  scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (provider_id, account_id)
);
create index account_by_user on auth.account (user_id);

-- What is under way for minutes: sign-ins elsewhere, second steps, challenges of passkeys, links that were mailed.
create table auth.verification (
  id uuid primary key,
  -- hashed
  identifier text not null,
  -- sealed
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_by_identifier on auth.verification (identifier);
create index verification_by_end on auth.verification (expires_at);

create table auth.two_factor (
  id uuid primary key,
  user_id uuid not null unique references auth."user" (id) on delete cascade,
  -- both sealed
  secret text not null,
  backup_codes text not null,
  verified boolean not null default true,
  failed_verification_count integer not null default 0,
  locked_until timestamptz
);

create table auth.passkey (
  id uuid primary key,
  user_id uuid not null references auth."user" (id) on delete cascade,
  name text,
  public_key text not null,
  credential_id text not null unique,
  counter bigint not null,
  device_type text not null,
  backed_up boolean not null,
  transports text,
  aaguid text,
  created_at timestamptz default now()
);
create index passkey_by_user on auth.passkey (user_id);

-- Nobody was asked for an address until now.
insert into auth."user" (id, name, email, owns_instance, created_at, updated_at)
select a.id, a.name, a.id::text || '@no-address.invalid',
       a.id = (select first.id from accounts first order by first.created_at, first.id limit 1), a.created_at, a.created_at
from accounts a;
insert into auth.account (id, user_id, provider_id, account_id, password, created_at, updated_at)
select a.id, a.id, 'credential', a.id::text, a.password_hash, a.created_at, a.created_at
from accounts a where a.password_hash is not null;
insert into auth.session (
  id, user_id, workspace_id, token, created_at, updated_at, last_seen_at, expires_at, revoked_at, user_agent
)
select s.id, s.account_id, s.workspace_id, encode(s.token_hash, 'hex'), s.created_at, s.last_seen_at, s.last_seen_at,
       s.expires_at, s.revoked_at, s.agent
from account_sessions s;

-- A new reference is checked by reading all rows, which only an owner who is not held back can.
alter table account_members no force row level security;
alter table account_members drop constraint account_members_account_id_fkey;
alter table account_members add constraint account_members_account_id_fkey
  foreign key (account_id) references auth."user" (id) on delete cascade;
alter table account_members force row level security;

drop function find_owner_account();
drop function save_owner_account(uuid, text, text);
drop function find_session(bytea);
drop table account_sessions;
drop table accounts;

grant usage on schema auth to devpulse_auth;
grant select, insert, update, delete on all tables in schema auth to devpulse_auth;

-- Whose session is this, and where does it act? In the workspace it was left in while the account still belongs there, else
-- in the one that the account has been in the longest.
create function find_session(hash bytea)
returns table (
  session_id uuid, account_id uuid, account_name text, workspace_id uuid, person_id uuid, role text, last_seen_at timestamptz,
  account_email text
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select s.id, u.id, u.name, m.workspace_id, m.person_id, m.role, s.last_seen_at, u.email
  from auth.session s
  join auth."user" u on u.id = s.user_id
  cross join lateral (
    select own.workspace_id, own.person_id, p.role
    from account_members own
    join people_members p on p.workspace_id = own.workspace_id and p.person_id = own.person_id and p.deactivated_at is null
    where own.account_id = s.user_id
    order by (own.workspace_id = s.workspace_id) desc nulls last, own.created_at, own.workspace_id limit 1
  ) m
  where s.token = encode(hash, 'hex') and s.revoked_at is null and s.expires_at > now()
$$;

create or replace function session_workspaces(hash bytea) returns table (workspace_id uuid, person_id uuid)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select m.workspace_id, m.person_id
  from auth.session s
  join account_members m on m.account_id = s.user_id
  join people_members p on p.workspace_id = m.workspace_id and p.person_id = m.person_id and p.deactivated_at is null
  where s.token = encode(hash, 'hex') and s.revoked_at is null and s.expires_at > now()
  order by m.created_at, m.workspace_id
$$;

-- Thirty days from the last use, at most 180 from signing in. Sessions that ended long ago are forgotten on the way.
create or replace function open_session(id uuid, account uuid, workspace uuid, hash bytea, agent text) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  delete from auth.session s where least(s.expires_at, s.revoked_at) < now() - interval '30 days';
  insert into auth.session (id, user_id, workspace_id, token, expires_at, user_agent)
  values (open_session.id, account, workspace, encode(hash, 'hex'), now() + interval '30 days', left(open_session.agent, 300));
$$;

create or replace function touch_session(hash bytea) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update auth.session s
  set last_seen_at = now(), expires_at = least(now() + interval '30 days', s.created_at + interval '180 days')
  where s.token = encode(hash, 'hex') and s.revoked_at is null and s.expires_at > now()
    and s.last_seen_at < now() - interval '1 minute';
$$;

create or replace function end_session(hash bytea) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ update auth.session s set revoked_at = now() where s.token = encode(hash, 'hex') and s.revoked_at is null; $$;

create or replace function move_session(hash bytea, workspace uuid) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with moved as (
    update auth.session s set workspace_id = workspace
    where s.token = encode(hash, 'hex') and s.revoked_at is null and s.expires_at > now()
      and exists (
        select 1 from account_members m
        join people_members p on p.workspace_id = m.workspace_id and p.person_id = m.person_id and p.deactivated_at is null
        where m.account_id = s.user_id and m.workspace_id = workspace
      )
    returning 1
  )
  select exists (select 1 from moved)
$$;

-- The account that owns this instance, and whether anybody can sign in to it. No hash goes out any more: passwords are compared
-- by the login that may read them.
create function find_owner_account() returns table (account_id uuid, name text, email text, can_sign_in boolean)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select u.id, u.name, u.email,
         exists (select 1 from auth.account a where a.user_id = u.id and (a.password is not null or a.provider_id <> 'credential'))
           or exists (select 1 from auth.passkey k where k.user_id = u.id)
  from auth."user" u where u.owns_instance
$$;

-- Whether the door has anybody to let in, or still waits for its first owner.
create function anybody_can_sign_in() returns boolean
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select exists (select 1 from auth.account a where a.password is not null or a.provider_id <> 'credential')
    or exists (select 1 from auth.passkey)
$$;

-- Makes the owner's account, or gives the one there is another password, and another name and address where they are given, and
-- ends all its sessions: whoever had to come back by a link may have lost them to somebody.
create function save_owner_account(id uuid, name text, email text, password_hash text) returns uuid
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  known uuid;
begin
  perform pg_advisory_xact_lock(7270411002);
  select u.id into known from auth."user" u where u.owns_instance;
  if known is null then
    -- The owner deleted their account; the holder of the machine names another one.
    select u.id into known from auth."user" u where u.email = save_owner_account.email;
  end if;
  if known is null then
    insert into auth."user" (id, name, email, owns_instance)
    values (
      save_owner_account.id, save_owner_account.name,
      coalesce(save_owner_account.email, save_owner_account.id::text || '@no-address.invalid'), true
    ) returning auth."user".id into known;
  else
    update auth."user" u set
      owns_instance = true, updated_at = now(),
      name = coalesce(save_owner_account.name, u.name),
      email = coalesce(save_owner_account.email, u.email),
      email_verified = u.email_verified and coalesce(save_owner_account.email, u.email) = u.email
    where u.id = known;
  end if;
  if password_hash is not null then
    insert into auth.account (id, user_id, provider_id, account_id, password)
    values (gen_random_uuid(), known, 'credential', known::text, save_owner_account.password_hash)
    on conflict (provider_id, account_id) do update set password = excluded.password, updated_at = now();
    update auth.session s set revoked_at = now() where s.user_id = known and s.revoked_at is null;
  end if;
  return known;
end
$$;

-- An account for somebody who was invited; false when the address has one already. The caller proves the invitation.
create function create_account(id uuid, name text, email text, verified boolean, password_hash text) returns boolean
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
begin
  insert into auth."user" (id, name, email, email_verified)
  values (create_account.id, create_account.name, create_account.email, verified)
  on conflict on constraint user_email_key do nothing;
  if not found then
    return false;
  end if;
  if password_hash is not null then
    insert into auth.account (id, user_id, provider_id, account_id, password)
    values (gen_random_uuid(), create_account.id, 'credential', create_account.id::text, create_account.password_hash);
  end if;
  return true;
end
$$;

revoke all on function
  find_session(bytea), find_owner_account(), anybody_can_sign_in(), save_owner_account(uuid, text, text, text),
  create_account(uuid, text, text, boolean, text)
from public;
grant execute on function
  find_session(bytea), find_owner_account(), anybody_can_sign_in(), save_owner_account(uuid, text, text, text),
  create_account(uuid, text, text, boolean, text)
to devpulse_app;
