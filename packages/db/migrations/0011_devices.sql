-- What is signed in: the sessions of browsers, which their holder can list and end, and devices, which are programs on
-- somebody's machine. A device is paired by a short code that a person approves; from then on it holds a refresh token, each of
-- which counts once, and short-lived access tokens that name the device and its version. All of it is closed to the
-- application, which asks the functions below: their proof is the hash of a cookie, of a code or of a refresh token.

set local row_security = off;

alter table live_tickets drop constraint live_tickets_proof_kind_check;
alter table live_tickets add constraint live_tickets_proof_kind_check check (proof_kind in ('token', 'session', 'device'));

-- what its person called it
alter table auth.session add column name text check (length(name) between 1 and 100);

create table account_devices (
  id uuid primary key,
  account_id uuid not null references auth."user" (id) on delete cascade,
  -- the one it acts in; with the membership there its rights go, too
  workspace_id uuid not null references workspaces (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  -- what it said of itself when pairing, and where it asked from
  system text not null default '',
  program text not null default '',
  address text not null default '',
  -- Ed25519; where there is one, a refresh token is worth nothing without its signature
  public_key bytea check (length(public_key) = 32),
  -- Access tokens name it: raised, all of them are dead.
  version integer not null default 1,
  created_at timestamptz not null default now(),
  last_seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  revoked_because text check (revoked_because in ('person', 'replay'))
);
create index account_devices_by_account on account_devices (account_id);
create index account_devices_by_workspace on account_devices (workspace_id);

create table account_refresh_tokens (
  device_id uuid not null references account_devices (id) on delete cascade,
  generation integer not null,
  token_hash bytea not null unique,
  -- From it, the token and a secret of the server its successor is computed: the same one, however often that is asked.
  seed bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (device_id, generation)
);

create table account_pairings (
  device_code_hash bytea primary key,
  user_code_hash bytea not null unique,
  seed bytea not null,
  name text not null,
  system text not null,
  program text not null,
  address text not null,
  public_key bytea check (length(public_key) = 32),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  -- the least time between two questions of the device; whoever asks sooner waits longer
  wait_s integer not null default 5,
  polled_at timestamptz,
  answered_at timestamptz,
  approved boolean,
  account_id uuid references auth."user" (id) on delete cascade,
  workspace_id uuid references workspaces (id) on delete cascade,
  device_id uuid references account_devices (id) on delete cascade,
  claimed_at timestamptz
);
create index account_pairings_by_end on account_pairings (expires_at);
create index account_pairings_by_account on account_pairings (account_id);

-- Where a sign-in came from, unless that is known already.
create function place_session(hash bytea, address text) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update auth.session s set ip_address = left(address, 100)
  where s.token = encode(hash, 'hex') and coalesce(s.ip_address, '') = '';
$$;

-- Every session of whoever holds this one.
create function list_sessions(hash bytea)
returns table (
  id uuid, name text, agent text, address text, created_at timestamptz, last_seen_at timestamptz, expires_at timestamptz,
  is_current boolean
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select s.id, s.name, coalesce(s.user_agent, ''), nullif(s.ip_address, ''), s.created_at, s.last_seen_at, s.expires_at, s.id = f.session_id
  from find_session(hash) f
  join auth.session s on s.user_id = f.account_id and s.revoked_at is null and s.expires_at > now()
  order by s.id = f.session_id desc, s.last_seen_at desc, s.id
$$;

-- Names or ends one session of whoever holds this one; false where there is none such.
create function rename_session(hash bytea, session uuid, name text) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with named as (
    update auth.session s set name = rename_session.name from find_session(hash) f
    where s.id = session and s.user_id = f.account_id and s.revoked_at is null and s.expires_at > now()
    returning 1
  )
  select exists (select 1 from named)
$$;

create function end_session_by_id(hash bytea, session uuid) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with ended as (
    update auth.session s set revoked_at = now() from find_session(hash) f
    where s.id = session and s.user_id = f.account_id and s.revoked_at is null and s.expires_at > now()
    returning 1
  )
  select exists (select 1 from ended)
$$;

-- Ends every other session and every device of whoever holds this session.
create function end_other_sign_ins(hash bytea) returns table (sessions integer, devices integer)
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with holder as (select f.session_id, f.account_id from find_session(hash) f),
  ended_sessions as (
    update auth.session s set revoked_at = now() from holder h
    where s.user_id = h.account_id and s.id <> h.session_id and s.revoked_at is null and s.expires_at > now()
    returning 1
  ),
  ended_devices as (
    update account_devices d set revoked_at = now(), revoked_because = 'person', version = d.version + 1 from holder h
    where d.account_id = h.account_id and d.revoked_at is null and d.expires_at > now()
    returning 1
  )
  select (select count(*) from ended_sessions)::integer, (select count(*) from ended_devices)::integer
$$;

-- Whoever sets another password may have lost the old one to somebody, and that one may have paired something: by whatever way
-- the password comes to be another one, every device of the account ends with the old.
create function end_devices_of_old_password() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
begin
  update account_devices d set revoked_at = now(), revoked_because = 'person', version = d.version + 1
  where d.account_id = new.user_id and d.revoked_at is null;
  return new;
end
$$;
create trigger devices_end_with_password after update of password on auth.account
  for each row when (old.password is not null and old.password is distinct from new.password)
  execute function end_devices_of_old_password();

-- Every device of whoever holds this session; one that was stopped because its token came twice is told of for thirty days.
create function list_devices(hash bytea)
returns table (
  id uuid, workspace_id uuid, name text, system text, program text, address text, has_key boolean, created_at timestamptz,
  last_seen_at timestamptz, expires_at timestamptz, revoked_because text
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select d.id, d.workspace_id, d.name, d.system, d.program, d.address, d.public_key is not null, d.created_at, d.last_seen_at,
         d.expires_at, d.revoked_because
  from find_session(hash) f
  join account_devices d on d.account_id = f.account_id
  where d.expires_at > now()
    and (d.revoked_at is null or (d.revoked_because = 'replay' and d.revoked_at > now() - interval '30 days'))
  order by d.last_seen_at desc, d.id
$$;

create function rename_device(hash bytea, device uuid, name text) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with named as (
    update account_devices d set name = rename_device.name from find_session(hash) f
    where d.id = device and d.account_id = f.account_id and d.revoked_at is null
    returning 1
  )
  select exists (select 1 from named)
$$;

-- Ends a device, or takes one that was stopped from the list.
create function end_device(hash bytea, device uuid) returns table (name text, workspace_id uuid)
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update account_devices d
  set revoked_at = coalesce(d.revoked_at, now()), revoked_because = 'person', version = d.version + 1
  from find_session(hash) f
  where d.id = device and d.account_id = f.account_id and (d.revoked_at is null or d.revoked_because = 'replay')
  returning d.name, d.workspace_id
$$;

-- Who is this device, at this moment? Called with what a signed token says; nothing for one that was ended since, whose version
-- was raised, or whose person is no member any more.
create function find_device(device uuid, version integer)
returns table (workspace_id uuid, device_id uuid, account_id uuid, person_id uuid, role text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select d.workspace_id, d.id, d.account_id, m.person_id, p.role
  from account_devices d
  join account_members m on m.workspace_id = d.workspace_id and m.account_id = d.account_id
  join people_members p on p.workspace_id = m.workspace_id and p.person_id = m.person_id and p.deactivated_at is null
  where d.id = device and d.version = find_device.version and d.revoked_at is null and d.expires_at > now()
$$;

create function touch_device(device uuid) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update account_devices d set last_seen_at = now()
  where d.id = device and d.revoked_at is null and d.last_seen_at < now() - interval '1 minute';
$$;

-- A device asks to be paired. Null: too many wait already, or the short code is taken.
create function open_pairing(
  device_code bytea, user_code bytea, seed bytea, name text, system text, program text, address text, public_key bytea
) returns timestamptz
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  ends timestamptz;
  waiting bigint;
  waiting_there bigint;
begin
  delete from account_pairings p where p.expires_at < now() - interval '1 hour';
  delete from account_devices d where least(d.expires_at, d.revoked_at) < now() - interval '60 days';
  select count(*), count(*) filter (where p.address = open_pairing.address) into waiting, waiting_there
  from account_pairings p where p.expires_at > now() and p.answered_at is null;
  if waiting >= 1000 or waiting_there >= 30 then
    return null;
  end if;
  insert into account_pairings as p (
    device_code_hash, user_code_hash, seed, name, system, program, address, public_key, expires_at
  ) values (
    device_code, user_code, open_pairing.seed, open_pairing.name, open_pairing.system, open_pairing.program,
    open_pairing.address, open_pairing.public_key, now() + interval '10 minutes'
  ) on conflict do nothing returning p.expires_at into ends;
  return ends;
end
$$;

-- What waits behind a short code, for somebody who is signed in.
create function look_at_pairing(hash bytea, user_code bytea)
returns table (
  name text, system text, program text, address text, has_key boolean, created_at timestamptz, expires_at timestamptz,
  approved boolean
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select p.name, p.system, p.program, p.address, p.public_key is not null, p.created_at, p.expires_at, p.approved
  from find_session(hash) f
  join account_pairings p on p.user_code_hash = user_code and p.expires_at > now()
    -- Whoever answered may look at it again; for others it is gone.
    and (p.answered_at is null or p.account_id = f.account_id)
$$;

-- Approves or denies, in the name of the session and for the workspace it acts in. Of two who answer, the first one counts.
create function answer_pairing(hash bytea, user_code bytea, approve boolean, other_name text)
returns table (name text, system text, program text, address text)
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update account_pairings p
  set answered_at = now(), approved = approve, account_id = f.account_id, workspace_id = f.workspace_id,
      name = coalesce(other_name, p.name)
  from find_session(hash) f
  where p.user_code_hash = user_code and p.expires_at > now() and p.answered_at is null
  returning p.name, p.system, p.program, p.address
$$;

-- The seed of a pairing, from which the first refresh token is computed.
create function look_at_device_code(device_code bytea) returns bytea
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select p.seed from account_pairings p where p.device_code_hash = device_code $$;

-- The device asks whether somebody has answered, and becomes a device once somebody approved. The answer may get lost on its
-- way, so within ten seconds it is given again; a code that comes later than that was copied, and its device is stopped.
create function claim_pairing(device_code bytea, device uuid, token_hash bytea, token_seed bytea)
returns table (outcome text, wait_s integer, device_id uuid, account_id uuid, workspace_id uuid, version integer, expires_at timestamptz)
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  pairing account_pairings%rowtype;
  moment timestamptz;
begin
  select p.* into pairing from account_pairings p where p.device_code_hash = device_code for update;
  moment := clock_timestamp();
  wait_s := coalesce(pairing.wait_s, 5);
  if not found then
    outcome := 'unknown';
  elsif pairing.claimed_at is not null then
    if pairing.claimed_at > moment - interval '10 seconds' then
      outcome := 'paired';
    else
      outcome := 'used';
      update account_devices d set revoked_at = moment, revoked_because = 'replay', version = d.version + 1
      where d.id = pairing.device_id and d.revoked_at is null;
    end if;
    device_id := pairing.device_id;
  elsif pairing.expires_at <= moment then
    outcome := 'expired';
  elsif pairing.answered_at is null then
    outcome := 'pending';
    -- A second of tolerance, for clocks and networks.
    if pairing.polled_at > moment - make_interval(secs => pairing.wait_s - 1) then
      outcome := 'too_soon';
      wait_s := least(pairing.wait_s + 5, 60);
    end if;
    update account_pairings p set polled_at = moment, wait_s = claim_pairing.wait_s where p.device_code_hash = device_code;
  elsif not pairing.approved then
    outcome := 'denied';
  else
    outcome := 'paired';
    device_id := device;
    insert into account_devices (id, account_id, workspace_id, name, system, program, address, public_key, expires_at)
    values (
      device, pairing.account_id, pairing.workspace_id, pairing.name, pairing.system, pairing.program, pairing.address,
      pairing.public_key, moment + interval '180 days'
    );
    insert into account_refresh_tokens (device_id, generation, token_hash, seed, expires_at)
    values (device, 1, claim_pairing.token_hash, token_seed, moment + interval '30 days');
    update account_pairings p set claimed_at = moment, device_id = device where p.device_code_hash = device_code;
  end if;
  if device_id is not null then
    select d.account_id, d.workspace_id, d.version, d.expires_at into account_id, workspace_id, version, expires_at
    from account_devices d where d.id = claim_pairing.device_id;
  end if;
  return next;
end
$$;

-- What has to be known of a refresh token before its successor can be computed.
create function look_at_refresh(hash bytea) returns table (device_id uuid, workspace_id uuid, seed bytea, public_key bytea)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select d.id, d.workspace_id, t.seed, d.public_key
  from account_refresh_tokens t join account_devices d on d.id = t.device_id
  where t.token_hash = hash
$$;

-- Uses a refresh token up. One at a time for each device; of many at once the first one rotates and the others get the same
-- successor. So does whoever comes back within ten seconds of that moment because the answer was lost. Anything older or later
-- is a copy in somebody's hands: the device is stopped, with every token it was given.
create function rotate_refresh(hash bytea, next_hash bytea, next_seed bytea)
returns table (
  outcome text, device_id uuid, account_id uuid, workspace_id uuid, version integer, expires_at timestamptz, name text
)
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  given account_refresh_tokens%rowtype;
  device account_devices%rowtype;
  newest integer;
  moment timestamptz;
begin
  select d.* into device
  from account_refresh_tokens t join account_devices d on d.id = t.device_id where t.token_hash = hash
  for update of d;
  if not found then
    outcome := 'unknown';
    return next;
    return;
  end if;
  -- Only now: somebody else may have rotated while this one waited for its turn.
  select t.* into given from account_refresh_tokens t where t.token_hash = hash;
  select max(t.generation) into newest from account_refresh_tokens t where t.device_id = device.id;
  moment := clock_timestamp();
  if device.revoked_at is not null or device.expires_at <= moment then
    outcome := 'ended';
  elsif not exists (
    select 1 from account_members m
    join people_members p on p.workspace_id = m.workspace_id and p.person_id = m.person_id and p.deactivated_at is null
    where m.workspace_id = device.workspace_id and m.account_id = device.account_id
  ) then
    outcome := 'barred';
  elsif given.generation = newest and given.expires_at <= moment then
    outcome := 'ended';
  elsif given.generation = newest then
    outcome := 'rotated';
    update account_refresh_tokens t set used_at = moment where t.token_hash = hash;
    insert into account_refresh_tokens (device_id, generation, token_hash, seed, expires_at)
    values (device.id, newest + 1, next_hash, next_seed, least(moment + interval '30 days', device.expires_at));
    -- What is older than the longest life of a token counts for nothing either way.
    delete from account_refresh_tokens t where t.device_id = device.id and t.expires_at < moment - interval '1 day';
    update account_devices d set last_seen_at = moment where d.id = device.id;
  elsif given.generation = newest - 1 and given.used_at > moment - interval '10 seconds' then
    outcome := 'repeated';
  else
    outcome := 'replayed';
    update account_devices d set revoked_at = moment, revoked_because = 'replay', version = d.version + 1 where d.id = device.id;
  end if;
  device_id := device.id;
  account_id := device.account_id;
  workspace_id := device.workspace_id;
  version := device.version;
  expires_at := device.expires_at;
  name := device.name;
  return next;
end
$$;

-- The device goes by itself. Whoever holds its token may end it, also with one that was used.
create function end_own_device(hash bytea) returns table (device_id uuid, account_id uuid, workspace_id uuid, name text)
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  update account_devices d set revoked_at = now(), revoked_because = 'person', version = d.version + 1
  from account_refresh_tokens t
  where t.token_hash = hash and d.id = t.device_id and d.revoked_at is null
  returning d.id, d.account_id, d.workspace_id, d.name
$$;

revoke all on function
  place_session(bytea, text), list_sessions(bytea), rename_session(bytea, uuid, text), end_session_by_id(bytea, uuid), end_other_sign_ins(bytea),
  end_devices_of_old_password(), list_devices(bytea), rename_device(bytea, uuid, text), end_device(bytea, uuid),
  find_device(uuid, integer), touch_device(uuid),
  open_pairing(bytea, bytea, bytea, text, text, text, text, bytea), look_at_pairing(bytea, bytea),
  answer_pairing(bytea, bytea, boolean, text), look_at_device_code(bytea), claim_pairing(bytea, uuid, bytea, bytea),
  look_at_refresh(bytea), rotate_refresh(bytea, bytea, bytea), end_own_device(bytea)
from public;
grant execute on function
  place_session(bytea, text), list_sessions(bytea), rename_session(bytea, uuid, text), end_session_by_id(bytea, uuid), end_other_sign_ins(bytea),
  list_devices(bytea), rename_device(bytea, uuid, text), end_device(bytea, uuid),
  find_device(uuid, integer), touch_device(uuid),
  open_pairing(bytea, bytea, bytea, text, text, text, text, bytea), look_at_pairing(bytea, bytea),
  answer_pairing(bytea, bytea, boolean, text), look_at_device_code(bytea), claim_pairing(bytea, uuid, bytea, bytea),
  look_at_refresh(bytea), rotate_refresh(bytea, bytea, bytea), end_own_device(bytea)
to devpulse_app;
