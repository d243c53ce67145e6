import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { type Flag, flagNames, flags } from '@devpulse/contract/flags';
import type { FlagView } from '@devpulse/contract/wire/flags';
import type { Store } from '@devpulse/db/open-store';

const settingName = 'flags';

/** Every flag and how it stands. Read whenever it is asked: a switch counts from the next request, in every process. */
export async function readFlags(store: Store): Promise<FlagView[]> {
  const { rows } = await sql<{ value: Record<string, unknown> }>`
    select value from instance_settings where key = ${settingName}`.execute(store.app);
  const switched = rows[0]?.value ?? {};
  return flagNames.map((name) => {
    const said = switched[name];
    return {
      name,
      says: flags[name].says,
      isOn: typeof said === 'boolean' ? said : flags[name].isOnByDefault,
      isDefault: typeof said !== 'boolean',
    };
  });
}

/** Does this instance have it? */
async function isFlagOn(store: Store, name: Flag): Promise<boolean> {
  return (await readFlags(store)).some((flag) => flag.name === name && flag.isOn);
}

/** Refuses what this instance leaves out. */
export async function demandFlag(store: Store, name: Flag): Promise<void> {
  if (!(await isFlagOn(store, name)))
    throw new AppError('forbidden', `Whoever runs this instance has switched "${name}" off.`);
}

/** Switches a flag, or leaves it to its default again (null). */
export async function switchFlag(store: Store, name: Flag, isOn: boolean | null): Promise<void> {
  const change = JSON.stringify({ [name]: isOn });
  // A null in it reads as not switched.
  await sql`
    insert into instance_settings (key, value) values (${settingName}, ${change}::jsonb)
    on conflict (key) do update set value = instance_settings.value || excluded.value`.execute(store.app);
}
