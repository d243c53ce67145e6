-- How much of its budget each key has used, shared by all processes. One row is one key in one class, under a hash that names
-- nobody. Nothing here is worth a flush to disk: after a crash everybody starts with a full budget.

set local row_security = off;

create unlogged table limit_buckets (
  key bytea primary key check (length(key) = 16),
  most integer not null check (most > 0),
  every_us bigint not null check (every_us > 0),
  granted integer not null,
  asked_at_us bigint not null,
  -- when the budget will be whole again if nothing more is taken
  full_at_us bigint not null
);

-- Takes units out of budgets (GCRA): each holds at most `most` units and gets one back every `every_us`. Answers for each key
-- how many were granted, how many are left, and how long to wait for the next one. Keys are taken in order, so that two callers
-- never wait for each other; a key may stand in one call only once.
create function take_limits(keys bytea[], units integer[], every_us bigint[], most integer[])
returns table (key bytea, granted integer, spare integer, wait_us bigint)
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  insert into limit_buckets as b (key, most, every_us, granted, asked_at_us, full_at_us)
  select w.key, w.most, w.every_us, least(w.units, w.most), t.now_us, t.now_us + least(w.units, w.most) * w.every_us
  from unnest(keys, units, every_us, most) as w (key, units, every_us, most)
  cross join (select (extract(epoch from clock_timestamp()) * 1000000)::bigint as now_us) t
  order by w.key
  on conflict on constraint limit_buckets_pkey do update set
    most = excluded.most,
    every_us = excluded.every_us,
    asked_at_us = excluded.asked_at_us,
    granted = greatest(0, least(excluded.granted, excluded.most
      - (greatest(b.full_at_us - excluded.asked_at_us, 0) + excluded.every_us - 1) / excluded.every_us)),
    full_at_us = greatest(b.full_at_us, excluded.asked_at_us) + excluded.every_us * greatest(0, least(excluded.granted, excluded.most
      - (greatest(b.full_at_us - excluded.asked_at_us, 0) + excluded.every_us - 1) / excluded.every_us))
  returning b.key, b.granted,
    greatest(0, b.most - (b.full_at_us - b.asked_at_us + b.every_us - 1) / b.every_us)::integer,
    case when b.granted > 0 then 0 else greatest(1, b.full_at_us - b.asked_at_us - (b.most - 1) * b.every_us) end
$$;

-- Whoever showed who they are begins anew.
create function forget_limit(key bytea) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$ delete from limit_buckets b where b.key = forget_limit.key; $$;

-- Forgets budgets that are whole again, where nobody holds them.
create function sweep_limits() returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  delete from limit_buckets b where b.key in (
    select old.key from limit_buckets old
    where old.full_at_us < (extract(epoch from clock_timestamp()) * 1000000)::bigint for update skip locked
  );
$$;

revoke all on function take_limits(bytea[], integer[], bigint[], integer[]), forget_limit(bytea), sweep_limits() from public;
grant execute on function take_limits(bytea[], integer[], bigint[], integer[]), forget_limit(bytea), sweep_limits()
to devpulse_app;

drop function note_attempt(text, integer);
drop function forget_attempts(text);
drop table account_attempts;
