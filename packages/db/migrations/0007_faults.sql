-- Not of a tenant: what went wrong in this instance, for whoever keeps it running. Nothing of a workspace is kept here:
-- messages are cleaned before they are written, places are code and routes, never addresses or bodies.

set local row_security = off;

-- One fault: the same class of error with the same code at the same place of our code.
create table faults (
  -- made from the three, so that every process finds the same row
  id uuid primary key,
  error_class text not null,
  code text,
  place text not null,
  -- kept here because the rows that tell it are trimmed; the last time is read from them
  first_seen_at timestamptz not null,
  -- a fault that was seen after this has come back
  resolved_at timestamptz
);

-- Each time it was seen. How often is counted from these rows, never kept beside them.
create table fault_occurrences (
  id uuid primary key,
  fault_id uuid not null references faults (id) on delete cascade,
  seen_at timestamptz not null,
  -- a route, a job, or a listener
  origin text not null,
  request_id text,
  version text not null,
  message text not null,
  stack text not null,
  -- further ones right before this one, which got no rows of their own: a flood must not fill the store
  unwritten integer not null default 0 check (unwritten >= 0)
);
create index fault_occurrences_by_fault on fault_occurrences (fault_id, seen_at desc, id desc);
create index fault_occurrences_by_time on fault_occurrences (seen_at, id);

grant select, insert, update, delete on faults, fault_occurrences to devpulse_app;
