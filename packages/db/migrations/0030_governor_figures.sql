-- What an operator is told of the limits of other sources: sums over all accounts, which name none.

set local row_security = off;

-- For each kind of question: how many accounts ask, how many have to wait now, and the smallest share that is left to one.
create function governor_figures() returns table (resource text, accounts integer, waiting integer, least_left float8)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select q.resource, count(*)::integer,
    (count(*) filter (where a.blocked_until > now() or (q.left_over = 0 and q.resets_at > now())))::integer,
    min(case when q.resets_at > now() then q.left_over::float8 / greatest(q.quota, 1) else 1 end)
  from governor_quotas q
  join governor_accounts a on a.key = q.key
  where q.quota is not null
  group by q.resource
$$;

revoke all on function governor_figures() from public;
grant execute on function governor_figures() to devpulse_app;
