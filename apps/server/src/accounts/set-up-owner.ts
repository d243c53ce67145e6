import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { Setup } from '@devpulse/contract/wire/session';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { checkZone } from '../people/check-zone.ts';
import { changeMe } from '../people/update-me.ts';
import { changeWorkspace } from '../people/update-workspace.ts';
import { findFirstWorkspace, type FirstWorkspace } from '../workspaces/ensure-workspace.ts';
import { hashPassword } from './hash-password.ts';
import { joinDemos, joinWorkspace } from './join-workspace.ts';
import { openSession } from './open-session.ts';
import { findOwnerAccount, type OwnerAccount } from './owner-account.ts';
import { hashSecret } from './secret-format.ts';

const newLink = 'Make a new link on the machine it runs on: `npm run devpulse -- owner link`.';

const refusals: Readonly<Record<string, string>> = {
  used: `This link was used already. If that was you, sign in with your password. If not: ${newLink}`,
  expired: `This link has expired. ${newLink}`,
  unknown: `This is not the newest link of this instance, or it was cut short. ${newLink}`,
};

/**
 * Makes whoever holds the one-time link the owner, and gives the secret of their first session. With an owner already there
 * the link is the way back in: it sets the password anew and ends all sessions; name and calendar change only where given.
 */
export async function setUpOwner(wish: { store: Store; setup: Setup; agent: string }): Promise<string> {
  const { store, setup, agent } = wish;
  const link = hashSecret('setup link', setup.token);
  // Before the costly hash: a stranger who tries links must not keep a core busy.
  await refuseBadLink(store, link);
  const known = await findOwnerAccount(store);
  demandWhole(setup, known);
  const change = { ...setup, zone: setup.zone === undefined ? undefined : await checkZone(store, setup.zone) };
  const passwordHash = await hashPassword(setup.password);
  const first = await findFirstWorkspace(store);
  const secret = await store.inWorkspace(first.workspaceId, async (trx) => {
    const { rows } = await sql<{ won: boolean }>`select use_setup_link(${link}) as won`.execute(trx);
    if (rows[0]?.won !== true) throw new AppError('forbidden', refusals['used'] ?? '');
    const name = setup.name ?? known?.name ?? '';
    const accountId = await saveAccount(trx, { name, email: setup.email ?? null, passwordHash });
    const ownerId = await joinWorkspace(trx, first.workspaceId, accountId);
    await changeSettings(trx, { ...first, ownerId }, change);
    return openSession({ db: trx, accountId, workspaceId: first.workspaceId, agent });
  });
  await joinDemos(store);
  return secret;
}

async function refuseBadLink(store: Store, link: Buffer): Promise<void> {
  const { rows } = await sql<{ state: string }>`select look_at_setup_link(${link}) as state`.execute(store.app);
  const refusal = refusals[rows[0]?.state ?? 'unknown'];
  if (refusal !== undefined) throw new AppError('forbidden', refusal);
}

function demandWhole(setup: Setup, known: OwnerAccount | null): void {
  const needed = [...(known === null ? (['name', 'zone', 'weekStart'] as const) : []), 'email' as const];
  const missing = needed.filter((field) => setup[field] === undefined && !(field === 'email' && known?.email != null));
  if (missing.length === 0) return;
  throw new AppError('invalid_request', `The set-up also needs ${missing.join(', ')}.`, {
    problems: missing.map((field) => ({
      path: `body.${field}`,
      message:
        field === 'email'
          ? 'Type the address you want to sign in with.'
          : 'is needed when nobody owns the instance yet',
    })),
  });
}

async function saveAccount(
  trx: WorkspaceTransaction,
  owner: { name: string; email: string | null; passwordHash: string },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select save_owner_account(${newId()}, ${owner.name}, ${owner.email}, ${owner.passwordHash}) as id`
    .execute(trx)
    .catch((error: unknown) => {
      if ((error as { constraint?: string }).constraint !== 'user_email_key') throw error;
      throw new AppError('conflict', 'Another account has this address; take another one.');
    });
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('a function always gives a row');
  return id;
}

async function changeSettings(
  trx: WorkspaceTransaction,
  first: FirstWorkspace,
  change: Pick<Setup, 'name' | 'zone' | 'weekStart'>,
): Promise<void> {
  const { name, zone, weekStart } = change;
  const own = { ...(name === undefined ? {} : { name }), ...(zone === undefined ? {} : { zone }) };
  await changeMe(trx, first.ownerId, own);
  const shared = { ...(zone === undefined ? {} : { zone }), ...(weekStart === undefined ? {} : { weekStart }) };
  await changeWorkspace(trx, first.workspaceId, shared);
}
