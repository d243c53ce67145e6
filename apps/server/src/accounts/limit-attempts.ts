import { sql } from 'kysely';
import type { Store } from '@devpulse/db/open-store';
import type { Budget } from '../protect/limit-classes.ts';
import { forgetLimit, openStoreLimits } from '../protect/limit-store.ts';
import { nameAddress } from '../protect/name-address.ts';

/**
 * How often signing in may be tried at once; all of it is there again after a quarter of an hour without attempts. Above `many`
 * from everywhere an address has fewer, and never none: nobody can use up what others have. What was wrong stays counted whatever
 * else was right: with a password of their own anybody could else try those of others without an end.
 */
export const attemptLimits = {
  perAddress: 10,
  perAddressAmongMany: 3,
  many: 100,
  perAccount: 50,
  wrongPerAddress: 30,
} as const;

const windowUs = 15 * 60 * 1_000_000;

/**
 * Counts an attempt to sign in, whatever process it came to. Answers the seconds to wait; 0: go on. Every attempt asks the
 * store: without it nobody gets in, and none of ten shall be one too many.
 */
export async function countAttempt(store: Store, address: string): Promise<number> {
  const waitAfterWrong = await note(store, wrongKey(address), attemptLimits.wrongPerAddress, 0);
  if (waitAfterWrong > 0) return waitAfterWrong;
  // One stubborn address shall not make it narrow for all others by itself.
  const wait = await note(store, addressKey(address), attemptLimits.perAddress);
  if (wait > 0) return wait;
  if ((await note(store, 'attempts of all', attemptLimits.many)) === 0) return 0;
  return note(store, narrowKey(address), attemptLimits.perAddressAmongMany);
}

/** Counts a password that was wrong. */
export async function countWrong(store: Store, address: string): Promise<void> {
  await note(store, wrongKey(address), attemptLimits.wrongPerAddress);
}

/** Whoever knew the password starts anew, but for what was wrong. */
export async function forgetAttempts(store: Store, address: string): Promise<void> {
  await forgetLimit(store, addressKey(address));
  await forgetLimit(store, narrowKey(address));
}

/**
 * Counts an attempt at one account, from wherever it comes: many addresses must not have many times as many guesses. Whether there
 * is such an account makes no difference. An address from which its holder signed in before is not held up, so that strangers
 * cannot lock anybody out where they are at home.
 */
export async function countAttemptAt(store: Store, email: string, address: string): Promise<number> {
  const wait = await note(store, `attempts at ${email}`, attemptLimits.perAccount);
  if (wait === 0) return 0;
  const { rows } = await sql<{ address: string }>`
    select distinct s.ip_address as address from auth.session s join auth."user" u on u.id = s.user_id
    where u.email = ${email} and s.ip_address is not null limit 1000`.execute(store.auth);
  return rows.some((known) => nameAddress(known.address) === nameAddress(address)) ? 0 : wait;
}

/**
 * Counts a try at what hangs on the password of an account that is signed in to: whoever copied a cookie must not have as many
 * guesses as they have addresses.
 */
export function countGuess(store: Store, accountId: string): Promise<number> {
  return note(store, `guesses within ${accountId}`, attemptLimits.perAccount);
}

/** How many links to a new password one address is mailed in an hour, whoever asks; each of them counts for as long. */
export const resetMailsPerHour = 10;

/** Counts a link that is to be mailed; false: as many are on their way as count at once. Strangers must not fill a mailbox. */
export async function countResetMail(store: Store, email: string): Promise<boolean> {
  const budget: Budget = { name: 'reset mails', most: resetMailsPerHour, everyUs: 3_600_000_000 / resetMailsPerHour };
  const [grant] = await openStoreLimits(store).take([{ key: `reset mails to ${email}`, budget, units: 1 }]);
  return grant !== undefined && grant.granted > 0;
}

// An app shows a code for half a minute, and it is taken for as long before and after.
const codeLifeUs = 120 * 1_000_000;

/** Uses a code of an app up; false: it was used before. Whoever looked over a shoulder must not come in by the same one. */
export async function useCode(store: Store, accountId: string, code: string): Promise<boolean> {
  const budget: Budget = { name: 'codes', most: 1, everyUs: codeLifeUs };
  const [grant] = await openStoreLimits(store).take([{ key: `code ${code} of ${accountId}`, budget, units: 1 }]);
  return grant !== undefined && grant.granted > 0;
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

function narrowKey(address: string): string {
  return `${addressKey(address)} among many`;
}

function wrongKey(address: string): string {
  return `wrong from ${nameAddress(address)}`;
}

/** With no units it only asks whether one is left. */
async function note(store: Store, key: string, most: number, units = 1): Promise<number> {
  const budget: Budget = { name: 'attempts', most, everyUs: windowUs / most };
  const [grant] = await openStoreLimits(store).take([{ key, budget, units }]);
  if (grant === undefined || grant.granted > 0 || (units === 0 && grant.spare > 0)) return 0;
  return Math.ceil(grant.waitMs / 1000);
}
