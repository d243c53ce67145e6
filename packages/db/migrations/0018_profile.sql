-- How a person shows themselves in a workspace, and how an account likes its screens. The first is of the tenant, the second
-- follows the account to every browser and is closed to the application but for two functions.

set local row_security = off;

create table people_profiles (
  workspace_id uuid not null,
  person_id uuid not null,
  -- Markdown, as it was typed
  bio text not null default '' check (length(bio) <= 500),
  primary key (workspace_id, person_id),
  foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade
);

create table people_avatars (
  workspace_id uuid not null,
  person_id uuid not null,
  type text not null check (type in ('image/png', 'image/jpeg', 'image/webp')),
  -- Rewritten before it is kept: pixels alone, nothing that a camera or a program wrote beside them.
  body bytea not null check (length(body) <= 524288),
  -- names the very bytes in its address
  digest text not null,
  primary key (workspace_id, person_id),
  foreign key (workspace_id, person_id) references people (workspace_id, id) on delete cascade
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array['people_profiles', 'people_avatars'] loop
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

-- Null: not chosen yet, so whatever the browser at hand says counts.
create table account_preferences (
  account_id uuid primary key references auth."user" (id) on delete cascade,
  theme text check (theme in ('light', 'dark', 'system')),
  palette text check (palette in ('petrol', 'ember', 'contrast')),
  keys text check (keys in ('on', 'off')),
  locale text check (length(locale) between 2 and 35)
);

create function read_preferences(account uuid) returns table (theme text, palette text, keys text, locale text)
language sql stable security definer set search_path = public, pg_temp set row_security = on
as $$ select p.theme, p.palette, p.keys, p.locale from account_preferences p where p.account_id = account $$;

-- Null leaves what was chosen before.
create function save_preferences(account uuid, theme text, palette text, keys text, locale text) returns void
language sql volatile security definer set search_path = public, pg_temp set row_security = on
as $$
  insert into account_preferences as p (account_id, theme, palette, keys, locale)
  values (account, save_preferences.theme, save_preferences.palette, save_preferences.keys, save_preferences.locale)
  on conflict (account_id) do update set
    theme = coalesce(excluded.theme, p.theme), palette = coalesce(excluded.palette, p.palette),
    keys = coalesce(excluded.keys, p.keys), locale = coalesce(excluded.locale, p.locale);
$$;

revoke all on function read_preferences(uuid), save_preferences(uuid, text, text, text, text) from public;
grant execute on function read_preferences(uuid), save_preferences(uuid, text, text, text, text) to devpulse_app;
