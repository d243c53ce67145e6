import { readWrappedKeys } from './key-table.ts';
import { giveUpSealed, sealedParts, type SealedStore } from './walk-sealed.ts';

/** What was given up. */
export interface Forgotten {
  dataKeys: number;
  secrets: number;
}

/**
 * Gives up everything that a lost master key would be needed for: what was sealed goes first, then the data keys, so that one
 * that is interrupted can be repeated.
 */
export async function forgetKeys(options: SealedStore, masterId: string): Promise<Forgotten> {
  const { keys } = await readWrappedKeys(options.store.app);
  const lost = keys.filter((key) => key.masterId === masterId).map((key) => key.id);
  let secrets = 0;
  for await (const part of sealedParts(options)) secrets += await giveUpSealed(part, lost);
  await options.owner.query('delete from secret_keys where kid = any($1::text[])', [lost]);
  return { dataKeys: lost.length, secrets };
}
