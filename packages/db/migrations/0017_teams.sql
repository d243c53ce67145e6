-- Teams inside a workspace: who is in them and who manages them, from which day until which; the working calendar that
-- everybody shares; and who looked at whose numbers.

set local row_security = off;

create table teams (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null check (length(name) between 1 and 100),
  -- Kept by archived teams too: an old address must never lead to another team.
  slug text not null check (length(slug) between 1 and 60),
  created_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, slug)
);

-- One row a stay: whoever leaves and comes back has two. Rows of one person, team and duty never overlap, which is checked under
-- a lock on the team: an exclusion over three columns and a range would need an extension.
create table team_people (
  workspace_id uuid not null,
  id uuid not null,
  team_id uuid not null,
  -- No reference: whoever is only known by what they wrote has no row in people.
  person_id uuid not null,
  duty text not null check (duty in ('member', 'manager')),
  -- Days in the workspace's zone, half open: on until_day the person is not in it any more.
  from_day date not null,
  until_day date,
  check (until_day > from_day),
  primary key (workspace_id, id),
  foreign key (workspace_id, team_id) references teams (workspace_id, id) on delete cascade
);
create unique index team_people_once on team_people (workspace_id, team_id, person_id, duty, from_day);
create unique index team_people_open on team_people (workspace_id, team_id, person_id, duty) where until_day is null;
create index team_people_by_person on team_people (workspace_id, person_id, duty);

-- Without a row: Monday to Friday, nine to five.
create table calendar_settings (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  working_weekdays smallint[] not null default '{1,2,3,4,5}',
  -- Minutes after midnight, on the clock of whoever works.
  from_minute smallint not null default 540,
  until_minute smallint not null default 1020,
  check (from_minute >= 0 and from_minute < until_minute and until_minute <= 1440)
);

create table calendar_holidays (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  day date not null,
  name text not null check (length(name) between 1 and 200),
  primary key (workspace_id, day)
);

-- Who looked at whose numbers: once a day, whatever was looked at, and never the time of day.
create table viewer_looks (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  person_id uuid not null,
  viewer_id uuid not null,
  day date not null,
  primary key (workspace_id, person_id, day, viewer_id)
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['teams', 'team_people', 'calendar_settings', 'calendar_holidays', 'viewer_looks'] loop
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
