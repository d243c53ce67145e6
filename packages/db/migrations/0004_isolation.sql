-- Who may see what. The application sees one workspace, set per transaction; no workspace set means no rows.
-- The capture login may only put raw events in, so that one durable commit can serve several workspaces.
-- The owner reads just enough across workspaces to answer four narrow questions through functions of its own.

set local row_security = off;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array[
    'people', 'people_members', 'people_freezes', 'people_holidays', 'people_links', 'people_link_log',
    'people_declined_suggestions', 'people_kind_rules', 'people_kind_overrides', 'account_tokens', 'sources',
    'raw_events', 'fact_identities', 'fact_repositories', 'fact_commits', 'fact_commit_credits', 'fact_commit_files',
    'fact_commit_reach', 'rollup_stale', 'rollup_days'
  ] loop
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

alter table workspaces enable row level security;
alter table workspaces force row level security;
create policy own_workspace on workspaces for all to devpulse_app
  using (id = (select nullif(current_setting('app.workspace', true), '')::uuid))
  with check (id = (select nullif(current_setting('app.workspace', true), '')::uuid));
grant select, insert, update, delete on workspaces to devpulse_app;

grant select on lens_identities, lens_people, lens_commits, lens_commit_credits, lens_commit_lines to devpulse_app;
grant select, insert, update, delete on job_runs to devpulse_app;
grant select, insert, update on instance_settings to devpulse_app;
-- Readiness asks whether the schema is the one this program was written for.
grant select on schema_migrations to devpulse_app;

-- Capture: into the inbox and nowhere else; it cannot even read what it wrote.
create policy capture_any_workspace on raw_events for insert to devpulse_capture with check (true);
grant insert on raw_events to devpulse_capture;

-- The owner's narrow questions.
create policy owner_scans on workspaces for select to current_user using (true);
create policy owner_scans on raw_events for select to current_user using (true);
create policy owner_scans on rollup_stale for select to current_user using (true);
create policy owner_scans on account_tokens for select to current_user using (true);

-- Which workspaces are there? Ids only.
create function all_workspaces() returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select id from workspaces order by id $$;

-- Which workspaces have raw events that are due, or leases that ran out?
create function workspaces_with_due_events() returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select w.id from workspaces w
  where exists (
    select 1 from raw_events e where e.workspace_id = w.id and e.state = 'pending' and e.run_after <= now()
  ) or exists (
    select 1 from raw_events e where e.workspace_id = w.id and e.state = 'leased' and e.lease_until < now()
  )
$$;

-- Which workspaces have days to recompute?
create function workspaces_with_stale_days() returns setof uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select w.id from workspaces w where exists (select 1 from rollup_stale s where s.workspace_id = w.id) $$;

-- How full is the inbox? Sums over all workspaces, for the operator's metrics.
create function inbox_depth() returns table (state text, events bigint, oldest timestamptz)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select e.state, count(*), min(e.received_at) from raw_events e where e.state in ('pending', 'leased', 'dead') group by e.state
$$;

-- How much waits to be counted again? A sum over all workspaces, for the operator's metrics.
create function stale_marks() returns bigint
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select count(*) from rollup_stale $$;

-- Whose token is this? Called before a workspace is known; the hash is the proof.
create function find_token(hash bytea)
returns table (workspace_id uuid, token_id uuid, person_id uuid, scopes text[])
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select t.workspace_id, t.id, t.person_id, t.scopes from account_tokens t
  where t.token_hash = hash and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
$$;

-- After a large import the planner must know of it before autovacuum gets there: without statistics it takes every table for
-- nearly empty, and counting 6,000 commits took three times as long. Reads and returns nothing of anybody.
create function refresh_statistics() returns void
language plpgsql security definer set search_path = public, pg_temp
as $$
begin
  analyze raw_events, fact_identities, fact_repositories, fact_commits, fact_commit_credits, fact_commit_files,
    fact_commit_reach, rollup_stale, rollup_days;
end
$$;

revoke all on function
  all_workspaces(), workspaces_with_due_events(), workspaces_with_stale_days(), inbox_depth(), stale_marks(),
  find_token(bytea), refresh_statistics()
from public;
grant execute on function
  all_workspaces(), workspaces_with_due_events(), workspaces_with_stale_days(), inbox_depth(), stale_marks(),
  find_token(bytea), refresh_statistics()
to devpulse_app;
