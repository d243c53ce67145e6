import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { faultOfSlug, proposeSlug, slugLengths } from '@devpulse/contract/slug';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

// Whoever renames again and again must not keep all good names from others.
const retiredMost = 20;
const chance = (): string => randomBytes(4).toString('hex');

/** The present name of the transaction's workspace in addresses, or null. */
export async function readSlug(trx: WorkspaceTransaction): Promise<string | null> {
  const row = await trx
    .selectFrom('workspace_slugs')
    .where('workspace_id', '=', ownWorkspace)
    .select('slug')
    .where('retired_at', 'is', null)
    .executeTakeFirst();
  return row?.slug ?? null;
}

/** Gives the workspace this name; the former one leads to it from now on. Says that a name is taken, never by whom. */
export async function takeSlug(trx: WorkspaceTransaction, workspaceId: string, slug: string): Promise<void> {
  const fault = faultOfSlug(slug);
  if (fault !== null) throw refusal('invalid_request', `The address "${slug}" ${fault}.`, fault);
  if (!(await tryToTake(trx, workspaceId, slug)))
    throw refusal('conflict', `The address "${slug}" is taken.`, 'is taken; choose another');
}

/** Gives the workspace a name made of its title, with a number behind it where that is taken. */
export async function takeAnySlug(trx: WorkspaceTransaction, workspaceId: string, title: string): Promise<string> {
  const wish = proposeSlug(title) || 'w';
  for (const end of ['', '-2', '-3', '-4', '-5', `-${chance()}`, `-${chance()}`]) {
    const slug = `${wish.slice(0, slugLengths.most - end.length).replace(/-$/, '')}${end}`;
    if (faultOfSlug(slug) === null && (await tryToTake(trx, workspaceId, slug))) return slug;
  }
  throw new AppError('conflict', 'No free address was found; choose one.');
}

/** False where it is another workspace's. Nothing else tells, so that nobody learns whose. */
async function tryToTake(trx: WorkspaceTransaction, workspaceId: string, slug: string): Promise<boolean> {
  const before = await readSlug(trx);
  if (before === slug) return true;
  const own = await trx
    .selectFrom('workspace_slugs')
    .where('workspace_id', '=', ownWorkspace)
    .select('slug')
    .where('slug', '=', slug)
    .executeTakeFirst();
  if (own === undefined) {
    const made = await trx
      .insertInto('workspace_slugs')
      .values({ workspace_id: workspaceId, slug, retired_at: sql<Date>`now()` })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows !== 1n) return false;
  }
  await sql`update workspace_slugs set retired_at = clock_timestamp() where workspace_id = ${ownWorkspace} and retired_at is null`.execute(
    trx,
  );
  await sql`update workspace_slugs set retired_at = null, since = now() where workspace_id = ${ownWorkspace} and slug = ${slug}`.execute(
    trx,
  );
  await sql`
    delete from workspace_slugs where workspace_id = ${ownWorkspace} and slug in (
      select slug from workspace_slugs where workspace_id = ${ownWorkspace} and retired_at is not null order by retired_at desc, slug offset ${retiredMost}
    )`.execute(trx);
  return true;
}

function refusal(code: 'invalid_request' | 'conflict', detail: string, message: string): AppError {
  return new AppError(code, detail, { problems: [{ path: 'body.slug', message }] });
}
