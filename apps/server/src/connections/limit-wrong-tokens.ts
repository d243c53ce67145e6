import { AppError } from '@devpulse/contract/errors';
import type { Store } from '@devpulse/db/open-store';
import { openStoreLimits } from '../protect/limit-store.ts';
import type { Budget } from '../protect/limit-classes.ts';

/** How many tokens that GitHub does not know somebody can paste in an hour. */
export const wrongTokensPerHour = 20;

const budget: Budget = { name: 'wrong tokens', most: wrongTokensPerHour, everyUs: 3_600_000_000 / wrongTokensPerHour };

/**
 * GitHub counts wrong tokens against the address they come from, which is the instance's: one workspace must not get all of them
 * refused. `who` is an account, since anybody can make themselves workspaces.
 */
export async function refuseAfterWrongTokens(store: Pick<Store, 'app'>, who: string): Promise<void> {
  const [grant] = await openStoreLimits(store).take([{ key: keyOf(who), budget, units: 0 }]);
  if (grant === undefined || grant.spare > 0) return;
  throw new AppError(
    'too_many_requests',
    `Too many tokens that GitHub does not know; the next one counts in ${Math.ceil(grant.waitMs / 60_000)} minutes.`,
  );
}

export async function countWrongToken(store: Pick<Store, 'app'>, who: string): Promise<void> {
  await openStoreLimits(store).take([{ key: keyOf(who), budget, units: 1 }]);
}

function keyOf(who: string): string {
  return `wrong tokens of ${who}`;
}
