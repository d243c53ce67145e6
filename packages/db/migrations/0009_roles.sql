-- Whoever asks is let in with their role of this very moment: a role that was lowered, or a member who was deactivated, counts
-- from the next request, since token and session only say who it is.

set local row_security = off;

alter table people_members add column deactivated_at timestamptz;
create policy owner_scans on people_members for select to current_user using (true);

drop function find_token(bytea);
create function find_token(hash bytea)
returns table (workspace_id uuid, token_id uuid, person_id uuid, role text, scopes text[])
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select t.workspace_id, t.id, t.person_id, m.role, t.scopes
  from account_tokens t
  join people_members m on m.workspace_id = t.workspace_id and m.person_id = t.person_id and m.deactivated_at is null
  where t.token_hash = hash and t.revoked_at is null and (t.expires_at is null or t.expires_at > now())
$$;

drop function find_session(bytea);
create function find_session(hash bytea)
returns table (
  session_id uuid, account_id uuid, account_name text, workspace_id uuid, person_id uuid, role text, last_seen_at timestamptz
)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select s.id, a.id, a.name, m.workspace_id, m.person_id, m.role, s.last_seen_at
  from account_sessions s
  join accounts a on a.id = s.account_id
  cross join lateral (
    select own.workspace_id, own.person_id, p.role
    from account_members own
    join people_members p on p.workspace_id = own.workspace_id and p.person_id = own.person_id and p.deactivated_at is null
    where own.account_id = s.account_id
    order by (own.workspace_id = s.workspace_id) desc nulls last, own.created_at, own.workspace_id limit 1
  ) m
  where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
$$;

create or replace function session_workspaces(hash bytea) returns table (workspace_id uuid, person_id uuid)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select m.workspace_id, m.person_id
  from account_sessions s
  join account_members m on m.account_id = s.account_id
  join people_members p on p.workspace_id = m.workspace_id and p.person_id = m.person_id and p.deactivated_at is null
  where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
  order by m.created_at, m.workspace_id
$$;

create or replace function move_session(hash bytea, workspace uuid) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with moved as (
    update account_sessions s set workspace_id = workspace
    where s.token_hash = hash and s.revoked_at is null and s.expires_at > now()
      and exists (
        select 1 from account_members m
        join people_members p on p.workspace_id = m.workspace_id and p.person_id = m.person_id and p.deactivated_at is null
        where m.account_id = s.account_id and m.workspace_id = workspace
      )
    returning 1
  )
  select exists (select 1 from moved)
$$;

revoke all on function find_token(bytea), find_session(bytea) from public;
grant execute on function find_token(bytea), find_session(bytea) to devpulse_app;
