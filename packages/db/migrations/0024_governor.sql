-- How all processes together keep within the limits of a source. An account is whoever is counted there, under a hash that
-- names nobody; it has a quota for each kind of question, and turns, which are the right to ask one question. The clock is
-- the store's: what a source says of times was turned into distances by the source's own clock before it came here.

set local row_security = off;

create table governor_accounts (
  key bytea primary key check (length(key) = 16),
  -- asked too much at a time: nothing of this account is asked before then
  blocked_since timestamptz,
  blocked_until timestamptz,
  -- how often in a row it said so without saying for how long
  strikes integer not null default 0,
  seen_at timestamptz not null default now()
);

create table governor_quotas (
  key bytea not null,
  resource text not null check (length(resource) between 1 and 40),
  quota integer,
  left_over integer,
  -- which window it is, as the source names it: when that ends by its clock, in seconds
  span_s bigint,
  -- and by ours; null: not known, or over
  resets_at timestamptz,
  heard_at timestamptz,
  -- when the pace within a minute will be whole again if nothing more is asked
  full_at timestamptz not null default now(),
  primary key (key, resource)
);

-- Who asks now, and who waits to. A row runs out by itself. After a crash nobody asks, so nothing is worth a flush to disk.
create unlogged table governor_turns (
  id uuid primary key,
  key bytea not null,
  resource text not null,
  -- 0 a person, 1 what just happened, 2 history
  lane integer not null check (lane between 0 and 2),
  cost integer not null,
  -- waits for the pace of its own kind of question, and so stands in nobody's way
  paced boolean not null,
  asked_at timestamptz not null,
  granted_at timestamptz,
  expires_at timestamptz not null
);
create index governor_turns_by_key on governor_turns (key);

-- Gives a turn, or says how long to wait and why: `pace` (too much at a time), `quota` (used up), `reserve` (too
-- little is left for this lane), `turn` (others ask now, or are before us).
create function take_turn(
  turn uuid, account bytea, wanted text, lane integer, cost integer, points integer, every_us integer, burst integer,
  most integer, lease_ms integer
) returns table (granted boolean, wait_ms bigint, until timestamptz, reason text, ended boolean)
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  moment timestamptz;
  budget governor_accounts%rowtype;
  counted governor_quotas%rowtype;
  own_asked_at timestamptz;
  is_paced boolean;
  flying bigint;
  flying_cost bigint;
  kept integer;
  step interval := every_us * interval '1 microsecond';
begin
  insert into governor_accounts (key) values (account) on conflict do nothing;
  select a.* into budget from governor_accounts a where a.key = account for update;
  moment := clock_timestamp();
  ended := false;

  -- A turn that ran out was taken by a process that died: it may have asked. One far ahead is from before the clock went back.
  with gone as (
    delete from governor_turns t
    where t.key = account and (t.expires_at <= moment or t.expires_at > moment + interval '10 minutes')
    returning t.resource, t.cost, t.granted_at
  ), spent as (
    select g.resource, sum(g.cost) as cost from gone g where g.granted_at is not null group by g.resource
  )
  update governor_quotas q set left_over = greatest(0, q.left_over - s.cost)
  from spent s where q.key = account and q.resource = s.resource;

  if budget.blocked_until <= moment then
    update governor_accounts a set blocked_until = null where a.key = account;
    budget.blocked_until := null;
    ended := true;
  end if;
  insert into governor_quotas (key, resource) values (account, wanted) on conflict do nothing;
  select q.* into counted from governor_quotas q where q.key = account and q.resource = wanted;
  if counted.resets_at <= moment then
    ended := ended or counted.left_over = 0;
    update governor_quotas q set left_over = q.quota, resets_at = null where q.key = account and q.resource = wanted
    returning q.* into counted;
  end if;

  select count(*), coalesce(sum(t.cost) filter (where t.resource = wanted), 0) into flying, flying_cost
  from governor_turns t where t.key = account and t.granted_at is not null;
  -- What must be left for more urgent lanes.
  kept := ceil(counted.quota * case lane when 0 then 0 when 1 then 0.05 else 0.2 end);
  granted := false;

  if budget.blocked_until is not null then
    reason := 'pace';
    until := budget.blocked_until;
  elsif counted.resets_at is not null and counted.left_over - cost < kept then
    reason := case when counted.left_over = 0 then 'quota' else 'reserve' end;
    until := counted.resets_at;
  end if;
  if reason is not null then
    -- Who cannot go on for a while is in nobody's way.
    delete from governor_turns t where t.id = turn;
    wait_ms := greatest(1, ceil(extract(epoch from until - moment) * 1000));
    return next;
    return;
  end if;

  -- The pace is whole again after a full burst at the latest, whatever the clock did.
  counted.full_at := greatest(moment, least(counted.full_at, moment + burst * step));
  update governor_quotas q set full_at = counted.full_at where q.key = account and q.resource = wanted and q.full_at > counted.full_at;
  is_paced := counted.full_at + points * step > moment + burst * step;
  insert into governor_turns as t (id, key, resource, lane, cost, paced, asked_at, expires_at)
  values (turn, account, wanted, take_turn.lane, take_turn.cost, is_paced, moment, moment + interval '3 seconds')
  on conflict on constraint governor_turns_pkey do update set expires_at = excluded.expires_at, paced = excluded.paced
  returning t.asked_at into own_asked_at;

  if is_paced then
    reason := 'turn';
    until := counted.full_at + points * step - burst * step;
  elsif flying >= (most - case when lane = 2 and most > 1 then 1 else 0 end)
    or (counted.resets_at is not null and counted.left_over - flying_cost - cost < kept)
    or exists (
      select 1 from governor_turns t where t.key = account and t.granted_at is null and not t.paced
      and (t.lane, t.asked_at, t.id) < (take_turn.lane, own_asked_at, turn)
    )
  then
    reason := 'turn';
    until := moment + interval '100 milliseconds';
  end if;
  if reason is not null then
    wait_ms := greatest(1, ceil(extract(epoch from until - moment) * 1000));
    return next;
    return;
  end if;

  update governor_turns t set granted_at = moment, expires_at = moment + lease_ms * interval '1 millisecond' where t.id = turn;
  update governor_quotas q set full_at = counted.full_at + points * step where q.key = account and q.resource = wanted;
  update governor_accounts a set seen_at = moment where a.key = account;
  granted := true;
  wait_ms := 0;
  return next;
end
$$;

-- Gives a turn back with what the source said. `heard` is false where no answer came. Answers whether nothing may be asked now.
create function end_turn(
  turn uuid, account bytea, heard boolean, told text, most integer, rest integer, span_s bigint, reset_in_ms bigint,
  refusal text, retry_ms bigint
) returns table (wait_ms bigint, until timestamptz, reason text, began boolean)
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  longest constant bigint := 7 * 86400000::bigint;
  moment timestamptz;
  budget governor_accounts%rowtype;
  counted governor_quotas%rowtype;
  flown governor_turns%rowtype;
  reset_at timestamptz;
  was_blocked boolean;
  was_before boolean;
  is_open boolean;
  is_same boolean;
begin
  insert into governor_accounts (key) values (account) on conflict do nothing;
  select a.* into budget from governor_accounts a where a.key = account for update;
  moment := clock_timestamp();
  was_blocked := coalesce(budget.blocked_until > moment, false);
  delete from governor_turns t where t.id = turn and t.key = account returning t.* into flown;
  if not heard then
    update governor_quotas q set left_over = greatest(0, q.left_over - flown.cost)
    where q.key = account and q.resource = flown.resource;
  end if;

  if reset_in_ms is not null then
    reset_at := moment + least(greatest(reset_in_ms, 0), longest) * interval '1 millisecond';
  end if;
  if told is not null then
    insert into governor_quotas (key, resource) values (account, told) on conflict do nothing;
    select q.* into counted from governor_quotas q where q.key = account and q.resource = told;
    was_blocked := was_blocked or coalesce(counted.resets_at > moment and counted.left_over = 0, false);
    is_open := coalesce(counted.resets_at > moment, false);
    is_same := coalesce(abs(end_turn.span_s - counted.span_s) <= 2, true);
    if is_open and counted.left_over = 0 then
      -- Used up is used up until that is over, whatever somebody hears who asked before.
      if rest = 0 then
        counted.resets_at := greatest(counted.resets_at, reset_at);
      end if;
    elsif is_open and is_same then
      -- Answers come in any order, and within a window it only ever gets less.
      counted.left_over := least(counted.left_over, rest);
      counted.resets_at := greatest(counted.resets_at, reset_at);
    elsif not is_open or end_turn.span_s > counted.span_s or (rest = 0 and reset_at > moment) then
      counted.left_over := rest;
      counted.span_s := end_turn.span_s;
      counted.resets_at := reset_at;
    end if;
    if refusal = 'quota' and reset_in_ms > 0 then
      counted.left_over := 0;
      counted.resets_at := greatest(counted.resets_at, reset_at);
    end if;
    update governor_quotas q
    set quota = most, left_over = counted.left_over, span_s = counted.span_s, resets_at = counted.resets_at, heard_at = moment
    where q.key = account and q.resource = told;
  end if;

  if refusal = 'pace' or (refusal = 'quota' and (told is null or coalesce(reset_in_ms, 0) <= 0)) then
    -- What was under way when the block began tells nothing new.
    was_before := coalesce(flown.granted_at <= budget.blocked_since, false);
    until := moment + least(greatest(coalesce(
      retry_ms, case when was_before then 60000 else least(60000 * 2 ^ least(budget.strikes, 6), 3600000) end
    ), 1000), longest)::bigint * interval '1 millisecond';
    budget.blocked_since := case when was_before or budget.blocked_until > moment then budget.blocked_since else moment end;
    budget.blocked_until := greatest(budget.blocked_until, until);
    budget.strikes := budget.strikes + case when was_before then 0 else 1 end;
  elsif heard and refusal is null and flown.granted_at > coalesce(budget.blocked_since, '-infinity') then
    budget.strikes := 0;
  end if;
  update governor_accounts a
  set blocked_since = budget.blocked_since, blocked_until = budget.blocked_until, strikes = budget.strikes, seen_at = moment
  where a.key = account;

  until := null;
  if budget.blocked_until > moment then
    until := budget.blocked_until;
    reason := 'pace';
  end if;
  if counted.left_over = 0 and counted.resets_at > moment and counted.resets_at > coalesce(until, moment) then
    until := counted.resets_at;
    reason := 'quota';
  end if;
  began := until is not null and not was_blocked;
  wait_ms := coalesce(ceil(extract(epoch from until - moment) * 1000), 0);
  return next;
end
$$;

-- Whoever waited in vain is in nobody's way any more.
create function leave_turn(turn uuid) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ delete from governor_turns t where t.id = turn and t.granted_at is null $$;

-- How it stands with accounts, for screens. What is over by now is left out.
create function read_budgets(accounts bytea[])
returns table (
  key bytea, resource text, quota integer, left_over integer, resets_at timestamptz, blocked_until timestamptz, reason text,
  history_until timestamptz, heard_at timestamptz
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select a.key, coalesce(q.resource, 'core'), q.quota, case when w.is_open then q.left_over else q.quota end,
    case when w.is_open then q.resets_at end,
    greatest(p.until, case when w.is_open and q.left_over = 0 then q.resets_at end),
    case
      when p.until is null and not (w.is_open and q.left_over = 0) then null
      when p.until is null or (w.is_open and q.left_over = 0 and q.resets_at > p.until) then 'quota'
      else 'pace'
    end,
    case when w.is_open and q.left_over <= ceil(q.quota * 0.2) then q.resets_at end,
    q.heard_at
  from governor_accounts a
  left join governor_quotas q on q.key = a.key
  cross join lateral (select coalesce(q.resets_at > clock_timestamp(), false) as is_open) w
  cross join lateral (select case when a.blocked_until > clock_timestamp() then a.blocked_until end as until) p
  where a.key = any(accounts)
  order by a.key, 2
$$;

-- Forgets accounts that nobody has asked with for two days.
create function sweep_governor() returns void
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
begin
  delete from governor_accounts a where a.key in (
    select old.key from governor_accounts old
    where old.seen_at < clock_timestamp() - interval '2 days' and coalesce(old.blocked_until < clock_timestamp(), true)
    for update skip locked
  );
  delete from governor_quotas q
  where coalesce(q.resets_at < clock_timestamp(), true) and not exists (select 1 from governor_accounts a where a.key = q.key);
end
$$;

revoke all on function
  take_turn(uuid, bytea, text, integer, integer, integer, integer, integer, integer, integer),
  end_turn(uuid, bytea, boolean, text, integer, integer, bigint, bigint, text, bigint), leave_turn(uuid),
  read_budgets(bytea[]), sweep_governor()
from public;
grant execute on function
  take_turn(uuid, bytea, text, integer, integer, integer, integer, integer, integer, integer),
  end_turn(uuid, bytea, boolean, text, integer, integer, bigint, bigint, text, bigint), leave_turn(uuid),
  read_budgets(bytea[]), sweep_governor()
to devpulse_app;
