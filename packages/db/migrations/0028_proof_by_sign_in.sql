-- An account that is connected to GitHub proves which identity there is its person. Such a link stands in the log of decisions
-- like any other, and says by what it was proved.

set local row_security = off;

alter table people_link_log
  -- null: somebody decided it
  add column proof text check (proof in ('github')),
  -- When the account was connected. Each connection claims an identity once: what was taken back since stays taken back, until
  -- somebody connects anew.
  add column claimed_at timestamptz,
  add constraint people_link_log_proof_is_whole check ((proof is null) = (claimed_at is null));
create index people_link_log_by_identity on people_link_log (workspace_id, identity_id);

-- Whom the accounts of the active members of the transaction's workspace are at GitHub. A demo has made-up people, whose numbers
-- there may be somebody's.
create function github_accounts_here() returns table (person_id uuid, number text, login text, connected_at timestamptz)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select own.person_id, a.account_id, a.login, a.created_at
  from account_members own
  join people_members p on p.workspace_id = own.workspace_id and p.person_id = own.person_id and p.deactivated_at is null
  join auth.account a on a.user_id = own.account_id and a.provider_id = 'github'
  where own.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid
$$;

-- The numbers of an instance where nobody is connected need no looking through workspaces.
create function anybody_on_github() returns boolean
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select exists (select 1 from auth.account a where a.provider_id = 'github') $$;

revoke all on function github_accounts_here(), anybody_on_github() from public;
grant execute on function github_accounts_here(), anybody_on_github() to devpulse_app;
