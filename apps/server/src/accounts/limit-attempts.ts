import type { Store } from '@devpulse/db/open-store';
import type { Budget } from '../protect/limit-classes.ts';
import { forgetLimit, openStoreLimits } from '../protect/limit-store.ts';
import { nameAddress } from '../protect/name-address.ts';

/** How often signing in may be tried at once; all of it is there again after a quarter of an hour without attempts. */
export const attemptLimits = { perAddress: 10, overall: 100 } as const;

const windowUs = 15 * 60 * 1_000_000;

/**
 * Counts an attempt to sign in, whatever process it came to. Answers the seconds to wait; 0: go on. Every attempt asks the
 * store: without it nobody gets in, and none of ten shall be one too many.
 */
export async function countAttempt(store: Store, address: string): Promise<number> {
  // One stubborn address shall not use up what all others have together.
  return (
    (await note(store, addressKey(address), attemptLimits.perAddress)) ||
    (await note(store, 'attempts of all', attemptLimits.overall))
  );
}

/** Whoever knew the password starts anew. */
export async function forgetAttempts(store: Store, address: string): Promise<void> {
  await forgetLimit(store, addressKey(address));
}

/** How many mails an account may cause in a day, to addresses of its choice: nobody shall write to strangers by way of us. */
export const mailsPerDay = 200;

const dayUs = 86_400 * 1_000_000;

/** Counts a mail that an account causes; false: it has caused enough for now. */
export async function countMail(store: Store, accountId: string): Promise<boolean> {
  const budget: Budget = { name: 'mails', most: mailsPerDay, everyUs: dayUs / mailsPerDay };
  const [grant] = await openStoreLimits(store).take([{ key: `mails of ${accountId}`, budget, units: 1 }]);
  return grant !== undefined && grant.granted > 0;
}

/** What an address is counted under. */
function addressKey(address: string): string {
  return `attempts from ${nameAddress(address)}`;
}

async function note(store: Store, key: string, most: number): Promise<number> {
  const budget: Budget = { name: 'attempts', most, everyUs: windowUs / most };
  const [grant] = await openStoreLimits(store).take([{ key, budget, units: 1 }]);
  return grant === undefined || grant.granted > 0 ? 0 : Math.ceil(grant.waitMs / 1000);
}
