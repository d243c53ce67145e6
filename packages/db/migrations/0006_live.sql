-- Tickets for the live channel: where a client can send no header, one of these stands in for its token or session, once.

set local row_security = off;

create table live_tickets (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  -- the ticket itself is only ever known to its holder
  ticket_hash bytea not null,
  -- in whose place it stands; who that is and whether it still counts is asked when the ticket is used
  proof_kind text not null check (proof_kind in ('token', 'session')),
  proof_hash bytea not null,
  expires_at timestamptz not null,
  primary key (workspace_id, ticket_hash)
);

alter table live_tickets enable row level security;
alter table live_tickets force row level security;
create policy own_workspace on live_tickets for all to devpulse_app
  using (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid))
  with check (workspace_id = (select nullif(current_setting('app.workspace', true), '')::uuid));
grant select, insert, update, delete on live_tickets to devpulse_app;
