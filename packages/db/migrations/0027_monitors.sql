-- When a source is looked at next. One row is one thing that is watched, whoever watches it: there is one clock and one lease.

set local row_security = off;

alter table sources
  add column next_look_at timestamptz not null default now(),
  -- How long it is left alone now: doubled while nothing happens, short again as soon as something does.
  add column look_seconds integer not null default 60 check (look_seconds > 0),
  -- What somebody wants instead; null: as it comes.
  add column wished_seconds integer check (wished_seconds between 60 and 86400),
  -- Looks that failed in a row.
  add column failures integer not null default 0,
  -- The source asked us to wait; its state stays what it was.
  add column waiting_until timestamptz,
  -- Somebody asked for a look and waits for it.
  add column asked_at timestamptz,
  -- Something was told of it: a look that began before may have missed it.
  add column stirred_at timestamptz,
  -- Two stamps: when it last told us something by itself, and when a look last found everything that is there.
  add column last_event_at timestamptz,
  add column reconciled_at timestamptz;
-- What reading its past will take, as it was counted.
alter table sources add column plan jsonb;
create index sources_due on sources (workspace_id, next_look_at) where state <> 'paused';
