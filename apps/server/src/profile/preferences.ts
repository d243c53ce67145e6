import { sql } from 'kysely';
import { preferencesSchema, type PreferencesView, type UpdatePreferences } from '@devpulse/contract/wire/profile';
import type { Store } from '@devpulse/db/open-store';

const nothingChosen: PreferencesView = { theme: null, palette: null, keys: null, locale: null };

/** How an account likes its screens, in whatever browser. */
export async function readPreferences(store: Store, accountId: string): Promise<PreferencesView> {
  const { rows } = await sql`select * from read_preferences(${accountId}::uuid)`.execute(store.app);
  return rows[0] === undefined ? nothingChosen : preferencesSchema.parse(rows[0]);
}

/** Keeps what was chosen; what is left out stays. */
export async function savePreferences(
  store: Store,
  accountId: string,
  change: UpdatePreferences,
): Promise<PreferencesView> {
  const { theme = null, palette = null, keys = null, locale = null } = change;
  await sql`select save_preferences(${accountId}::uuid, ${theme}, ${palette}, ${keys}, ${locale})`.execute(store.app);
  return readPreferences(store, accountId);
}
