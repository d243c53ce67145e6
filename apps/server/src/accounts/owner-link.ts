import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import { findOwnerAccount } from './owner-account.ts';
import { hashSecret, makeSecret } from './secret-format.ts';

/** The one-time link to set-up, as it is shown to whoever holds the machine. */
export interface OwnerLink {
  url: string;
  expiresAt: Date;
}

/**
 * Makes a new one-time link; every earlier one ends. The secret stands in the fragment, which browsers keep to themselves: no
 * log of a proxy and no `Referer` ever has it.
 */
export async function makeOwnerLink(store: Store, address: string): Promise<OwnerLink> {
  const secret = makeSecret();
  const hash = hashSecret('setup link', secret);
  const { rows } = await sql<{ expires: Date }>`select replace_setup_link(${hash}) as expires`.execute(store.app);
  const expiresAt = rows[0]?.expires;
  if (expiresAt === undefined) throw new Error('a function always gives a row');
  return { url: `${address}/setup#${secret}`, expiresAt };
}

/** What a start says while nobody owns the instance; null once somebody does. */
export async function inviteOwner(store: Store, address: string): Promise<string | null> {
  const owner = await findOwnerAccount(store);
  if (owner?.canSignIn === true) return null;
  const { url, expiresAt } = await makeOwnerLink(store, address);
  return `Open ${url} to make this instance yours (works once, until ${sayMinute(expiresAt)})`;
}

/** 2026-03-01 14:05 UTC. */
export function sayMinute(instant: Date): string {
  return `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
