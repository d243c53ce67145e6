import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { WorkspacePlace } from '@devpulse/contract/wire/workspaces';
import { newId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { type AuditActor, recordAudit } from '../audit/record-audit.ts';
import { checkZone } from '../people/check-zone.ts';
import { seedKindRules } from '../people/seed-kind-rules.ts';
import { listAccountWorkspaces } from './account-workspaces.ts';
import { takeAnySlug, takeSlug } from './take-slug.ts';

/** How many workspaces one account may own. */
export const ownedMost = 20;

/** Whose workspace it will be. */
export interface Founder {
  accountId: string;
  /** What they are called there, and the zone they have chosen for themselves. */
  name: string;
  zone: string | null;
}

export interface CreateWorkspace {
  store: Store;
  kind: 'personal' | 'team';
  founder: Founder;
  name: string;
  /** Null: one that is free, made of the name. */
  slug: string | null;
  zone: string;
  weekStart?: number;
  actor: AuditActor;
}

/** Makes a workspace with one owner and the built-in rules, all of it or nothing. */
export async function createWorkspace(wish: CreateWorkspace): Promise<WorkspacePlace & { personId: string }> {
  const { store, founder, name } = wish;
  const zone = await checkZone(store, wish.zone);
  const id = newId();
  return store.inWorkspace(id, async (trx) => {
    await limitOwned(trx, founder.accountId);
    await trx
      .insertInto('workspaces')
      .values({ id, kind: wish.kind, name, zone, week_start: wish.weekStart ?? 1 })
      .execute();
    if (wish.slug !== null) await takeSlug(trx, id, wish.slug);
    const slug = wish.slug ?? (await takeAnySlug(trx, id, wish.kind === 'personal' ? founder.name : name));
    const personId = await insertFounder(trx, id, founder);
    await seedKindRules(trx, id);
    await recordAudit(trx, {
      actor: { ...wish.actor, personId },
      action: 'workspace.created',
      target: { kind: 'workspace', id, name },
      after: { kind: wish.kind, slug, zone },
    });
    return { id, slug, name, personId };
  });
}

/** Under a lock of the account, since each of two at once would still see room for itself. */
async function limitOwned(trx: WorkspaceTransaction, accountId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended('devpulse account ' || ${accountId}, 0))`.execute(trx);
  const all = await listAccountWorkspaces(trx, accountId);
  const owned = all.filter((one) => one.role === 'owner' && one.deactivatedAt === null);
  if (owned.length >= ownedMost)
    throw new AppError(
      'conflict',
      `You own ${owned.length} workspaces, and more than ${ownedMost} are too many. Delete one, or hand one over.`,
    );
}

async function insertFounder(trx: WorkspaceTransaction, workspaceId: string, founder: Founder): Promise<string> {
  const personId = newId();
  await trx
    .insertInto('people')
    .values({ workspace_id: workspaceId, id: personId, name: founder.name, zone: founder.zone })
    .execute();
  await trx
    .insertInto('people_members')
    .values({ workspace_id: workspaceId, person_id: personId, role: 'owner' })
    .execute();
  await trx
    .insertInto('account_members')
    .values({ workspace_id: workspaceId, account_id: founder.accountId, person_id: personId })
    .execute();
  return personId;
}
