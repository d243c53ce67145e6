-- What hangs on a password ends with it: links to a new one that are still on their way, second steps that were begun, and the
-- browsers that are asked for no code. Until now their rows were sealed without a word of whose they are, so that nothing could
-- find them.

set local row_security = off;

-- What is under way for minutes begins anew, and every browser is asked for a code once more.
delete from auth.verification;
-- null: no account is known yet, as on the way to GitHub
alter table auth.verification add column user_id uuid references auth."user" (id) on delete cascade;
create index verification_by_user on auth.verification (user_id) where user_id is not null;

create function end_what_is_under_way() returns trigger
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  account uuid;
begin
  if tg_table_name = 'user' then
    account := new.id;
  elsif tg_op = 'DELETE' then
    account := old.user_id;
  else
    account := new.user_id;
  end if;
  delete from auth.verification v where v.user_id = account;
  return null;
end
$$;
-- By whatever way a password comes to be another one, the first one included.
create trigger links_end_with_password after insert or update of password on auth.account
  for each row when (new.password is not null) execute function end_what_is_under_way();
-- What was mailed to an address that is not the account's any more opens nothing.
create trigger links_end_with_address after update of email on auth."user"
  for each row when (old.email is distinct from new.email) execute function end_what_is_under_way();
-- Switched on anew later, the second step must not know browsers from before.
create trigger trust_ends_with_second_step after delete on auth.two_factor
  for each row execute function end_what_is_under_way();

-- Ends every other session, every device and all trust in browsers of whoever holds this session.
create or replace function end_other_sign_ins(hash bytea) returns table (sessions integer, devices integer)
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
  ),
  ended_trust as (
    delete from auth.verification v using holder h where v.user_id = h.account_id
  )
  select (select count(*) from ended_sessions)::integer, (select count(*) from ended_devices)::integer
$$;

-- What a device was called before it is called something else; nothing where there is none such.
drop function rename_device(bytea, uuid, text);
create function rename_device(hash bytea, device uuid, name text) returns text
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with known as (
    select d.id, d.name from find_session(hash) f
    join account_devices d on d.id = device and d.account_id = f.account_id and d.revoked_at is null
    for update of d
  )
  update account_devices d set name = rename_device.name from known k where d.id = k.id returning k.name
$$;

-- The seed of a pairing, from which the first refresh token is computed, and where it was approved.
drop function look_at_device_code(bytea);
create function look_at_device_code(device_code bytea) returns table (seed bytea, workspace_id uuid, name text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select p.seed, p.workspace_id, p.name from account_pairings p where p.device_code_hash = device_code $$;

-- As before, but for telling a code that stopped its device just now ("replayed") from one that came again after that ("used").
create or replace function claim_pairing(device_code bytea, device uuid, token_hash bytea, token_seed bytea)
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
      update account_devices d set revoked_at = moment, revoked_because = 'replay', version = d.version + 1
      where d.id = pairing.device_id and d.revoked_at is null;
      outcome := case when found then 'replayed' else 'used' end;
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

revoke all on function end_what_is_under_way(), rename_device(bytea, uuid, text), look_at_device_code(bytea) from public;
grant execute on function rename_device(bytea, uuid, text), look_at_device_code(bytea) to devpulse_app;
