-- What is left of somebody who deleted their account.

set local row_security = off;

-- What becomes of the authors somebody stood for in the facts of this workspace when they delete their account: keep, since a
-- source told them; anonymise, which takes names and addresses away and keeps the numbers.
alter table workspaces add column departed_people text not null default 'keep' check (departed_people in ('keep', 'anonymise'));
-- Set: nothing that a source tells of this author may bring a name or an address back.
alter table fact_identities add column erased_at timestamptz;
-- Set: of this entry only the time, the action and its place in the chain are left. The hash is the one it had.
alter table audit_entries add column erased_at timestamptz;

-- Of what somebody did, or had done to them, the audit log keeps that it happened: the entry loses everything but time, action,
-- place and hash. Looks at the transaction's workspace alone.
create function forget_in_audit(account uuid, person uuid) returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
declare
  forgotten bigint;
begin
  update audit_entries e set
    erased_at = now(), actor_account_id = null, actor_person_id = null, address = null, request_id = null,
    target_kind = null, target_id = null, target_name = null, before = null, after = null
  where e.workspace_id = nullif(current_setting('app.workspace', true), '')::uuid
    and (e.actor_account_id = account or e.actor_person_id = person or e.target_id in (account::text, person::text));
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;

-- Ends an account with everything that hangs on it. The proof is a session of it that is alive.
create function erase_account(account uuid, session uuid) returns boolean
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  with erased as (
    delete from auth."user" u
    where u.id = account and exists (
      select 1 from auth.session s
      where s.id = session and s.user_id = account and s.revoked_at is null and s.expires_at > now()
    )
    returning 1
  )
  select exists (select 1 from erased)
$$;

revoke all on function forget_in_audit(uuid, uuid), erase_account(uuid, uuid) from public;
grant execute on function forget_in_audit(uuid, uuid), erase_account(uuid, uuid) to devpulse_app;
