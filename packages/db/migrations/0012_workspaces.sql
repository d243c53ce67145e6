-- Several workspaces on one instance: the name each has in addresses, who was a member from when until when, and invitations.
-- Nobody becomes a member before they accepted.

set local row_security = off;

-- A former name leads to its workspace and is nobody else's: whoever kept an old link must not land with strangers. That a name
-- is taken is all that a clash tells.
create table workspace_slugs (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  slug text not null check (length(slug) between 2 and 40),
  since timestamptz not null default now(),
  -- null: the present one
  retired_at timestamptz,
  primary key (workspace_id, slug)
);
create unique index workspace_slugs_once on workspace_slugs (slug);
create unique index workspace_slugs_present on workspace_slugs (workspace_id) where retired_at is null;

-- Who ended the membership: the person (left), or somebody who runs the workspace.
alter table people_members add column deactivated_by uuid;

-- Every stretch in which somebody was no active member, also those that are over: figures about days in between leave them out.
create table people_member_pauses (
  workspace_id uuid not null,
  person_id uuid not null,
  began_at timestamptz not null,
  began_by uuid,
  ended_at timestamptz,
  ended_by uuid,
  primary key (workspace_id, person_id, began_at),
  foreign key (workspace_id, person_id) references people_members (workspace_id, person_id) on delete cascade
);

create table invitations (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  -- email, github: only for whoever proves to be that; link: for whoever holds the link, which somebody chose knowingly
  kind text not null check (kind in ('email', 'github', 'link')),
  -- the address or login in small letters; empty for a link
  recipient text not null check (length(recipient) <= 320),
  role text not null check (role in ('owner', 'admin', 'manager', 'member')),
  -- of a team to join as well; no reference, since a team may go before the invitation is accepted
  team_id uuid,
  -- the secret of the link is only ever known to its holder
  token_hash bytea not null unique,
  invited_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  mailed_at timestamptz,
  accepted_at timestamptz,
  accepted_by uuid,
  declined_at timestamptz,
  revoked_at timestamptz,
  primary key (workspace_id, id),
  foreign key (workspace_id, invited_by) references people (workspace_id, id) on delete cascade
);
create index invitations_open on invitations (workspace_id, expires_at)
  where accepted_at is null and declined_at is null and revoked_at is null;

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['workspace_slugs', 'people_member_pauses', 'invitations'] loop
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

create policy owner_scans on invitations for select to current_user using (true);

-- Which invitation has this secret, and how is it with it? The hash is the proof.
create function look_at_invitation(hash bytea) returns table (workspace_id uuid, invitation_id uuid, state text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select i.workspace_id, i.id,
    case
      when i.accepted_at is not null then 'accepted'
      when i.declined_at is not null then 'declined'
      when i.revoked_at is not null then 'revoked'
      when i.expires_at <= now() then 'expired'
      else 'valid'
    end
  from invitations i where i.token_hash = hash
$$;

-- Where does this account belong, and as whom? Deactivated memberships too.
create function account_workspaces(account uuid)
returns table (workspace_id uuid, person_id uuid, role text, deactivated_at timestamptz)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select m.workspace_id, m.person_id, p.role, p.deactivated_at
  from account_members m
  join people_members p on p.workspace_id = m.workspace_id and p.person_id = m.person_id
  where m.account_id = account
  order by m.created_at, m.workspace_id
$$;

-- The workspace whose owners and admins look after the instance itself: the one it began with, or the one that the command line
-- named since. One that is gone is followed by nobody: its successor could be anybody's.
create function operator_workspace() returns uuid
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select coalesce(
    (select (s.value ->> 'id')::uuid from instance_settings s where s.key = 'operator_workspace'),
    (select (s.value ->> 'id')::uuid from instance_settings s where s.key = 'first_workspace'),
    (select w.id from workspaces w where w.kind <> 'demo' order by w.created_at, w.id limit 1)
  )
$$;

-- May whoever asks look after the instance? An account by what it is in that workspace, a token by whose it is. In a demo
-- several accounts share a person, so a token of that person proves nothing.
create function runs_instance(workspace uuid, person uuid, account uuid) returns boolean
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select exists (
    select 1 from people_members p
    where p.workspace_id = operator_workspace() and p.role in ('owner', 'admin') and p.deactivated_at is null
      and case
        when account is not null then exists (
          select 1 from account_members m
          where m.workspace_id = p.workspace_id and m.person_id = p.person_id and m.account_id = account
        )
        when workspace = p.workspace_id then p.person_id = person
        else exists (
          select 1 from account_members m
          join account_members own on own.account_id = m.account_id and own.workspace_id = workspace and own.person_id = person
          join workspaces w on w.id = own.workspace_id and w.kind <> 'demo'
          where m.workspace_id = p.workspace_id and m.person_id = p.person_id
        )
      end
  )
$$;

-- Is this account who an invitation is for? `unverified`: it says so and has not shown it. Nothing of the account goes out.
create function proves_recipient(account uuid, kind text, recipient text) returns text
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$
  select case
    when proves_recipient.kind = 'link' then 'yes'
    when proves_recipient.kind = 'email' then coalesce((
      select case when u.email_verified then 'yes' else 'unverified' end from auth."user" u
      where u.id = account and lower(u.email) = lower(recipient)
    ), 'no')
    when proves_recipient.kind = 'github' and exists (
      select 1 from auth.account a
      where a.user_id = proves_recipient.account and a.provider_id = 'github' and lower(a.login) = lower(recipient)
    ) then 'yes'
    else 'no'
  end
$$;

revoke all on function
  proves_recipient(uuid, text, text), look_at_invitation(bytea), account_workspaces(uuid), operator_workspace(), runs_instance(uuid, uuid, uuid)
from public;
grant execute on function
  proves_recipient(uuid, text, text), look_at_invitation(bytea), account_workspaces(uuid), operator_workspace(), runs_instance(uuid, uuid, uuid)
to devpulse_app;
