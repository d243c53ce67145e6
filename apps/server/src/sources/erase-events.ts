import { gunzipSync } from 'node:zlib';
import { type RawBuilder, sql } from 'kysely';
import { restoredKind } from '@devpulse/contract/restored-facts';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

const eventsPerStep = 1000;

/** What is to be erased. */
interface Erased {
  connector: string;
  natural_key: string;
}

/** How far the search has come; kept from step to step of one erasure, so that each event is opened once. */
export interface Search {
  after: string;
}

export const fromTheStart = (): Search => ({ after: '00000000-0000-0000-0000-000000000000' });

interface Opened {
  id: string;
  key: string;
  kind: string;
  body: Buffer;
}

/** Events whose keys begin with that of the source. */
export const isOfSource = ({ connector, natural_key }: Erased): RawBuilder<boolean> => {
  const prefix = sql`${`${natural_key}#`}::text`;
  return sql`e.source = ${connector} and left(e.item_key, length(${prefix})) = ${prefix}`;
};

/**
 * Deletes some of the raw events that told of a source, so that nothing more can be derived from them. What they tell commits by
 * is noted as out of reach of their repository: a look that ended early told of commits, and never of their reach. False: there
 * were none left.
 */
export async function eraseEvents(
  trx: WorkspaceTransaction,
  workspaceId: string,
  { erased, search }: { erased: Erased; search: Search },
): Promise<boolean> {
  const own = await openEvents(trx, isOfSource(erased));
  const told = own.length > 0 ? own : await findToldEvents(trx, erased, search);
  if (told.length === 0) return false;
  await noteCommits(trx, workspaceId, { erased, told });
  await sql`
    delete from raw_events where workspace_id = ${ownWorkspace} and id = any(${told.map((event) => event.id)}::uuid[])`.execute(
    trx,
  );
  return true;
}

/** Events that speak of it without its key in front of theirs: what a source sent by itself, and facts that an import brought. */
async function findToldEvents(trx: WorkspaceTransaction, erased: Erased, search: Search): Promise<Opened[]> {
  for (;;) {
    const events = await openEvents(
      trx,
      sql`e.source = ${erased.connector} and e.id > ${search.after}::uuid and e.body is not null
        and (e.item_key like 'hook:%' or e.kind = ${restoredKind})`,
    );
    const last = events.at(-1);
    if (last === undefined) return [];
    search.after = last.id;
    const told = events.filter((event) => speaksOf(event, erased.natural_key));
    if (told.length > 0) return told;
  }
}

async function openEvents(trx: WorkspaceTransaction, which: RawBuilder<unknown>): Promise<Opened[]> {
  const { rows } = await sql<Opened & { body: Buffer | null; encoding: string }>`
    select e.id, e.item_key as key, e.kind, e.body, e.body_encoding as encoding from raw_events e
    where e.workspace_id = ${ownWorkspace} and ${which} order by e.id limit ${eventsPerStep}`.execute(trx);
  return rows.map(({ id, key, kind, body, encoding }) => ({
    id,
    key,
    kind,
    body: body === null ? Buffer.alloc(0) : encoding === 'gzip' ? gunzipSync(body) : body,
  }));
}

function speaksOf({ kind, body }: Opened, naturalKey: string): boolean {
  let told: unknown;
  try {
    told = JSON.parse(body.toString('utf8'));
  } catch {
    return false;
  }
  if (kind === restoredKind)
    return (
      Array.isArray(told) &&
      told.some((fact) => fieldOf(fact, 'repository') === naturalKey || fieldOf(fact, 'key') === naturalKey)
    );
  // A repository's key is its host and the number that its source gave it.
  const number = fieldOf(fieldOf(told, 'repository'), 'id') ?? fieldOf(fieldOf(told, 'project'), 'id');
  return typeof number === 'number' && naturalKey.endsWith(`/${number}`);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

/** Whatever looks like a commit's id in a key or a body, where such a commit is known. */
async function noteCommits(
  trx: WorkspaceTransaction,
  workspaceId: string,
  { erased, told }: { erased: Erased; told: readonly Opened[] },
): Promise<void> {
  const shas = new Set(
    told.flatMap(({ key, body }) => `${key} ${body.toString('latin1')}`.match(/\b[0-9a-f]{40,64}\b/g) ?? []),
  );
  await sql`
    insert into fact_commit_reach (workspace_id, repository_id, sha, snapshot, reachable)
    select ${workspaceId}::uuid, r.id, c.sha, 0, false
    from fact_commits c
    join fact_repositories r on r.workspace_id = c.workspace_id and r.source = ${erased.connector} and r.external_key = ${erased.natural_key}
    where c.workspace_id = ${ownWorkspace} and c.sha = any(${[...shas]}::text[])
    on conflict do nothing`.execute(trx);
}
