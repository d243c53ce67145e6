import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** What somebody is called who left no name. */
export const formerMember = 'Former member';

// A shorter name would be found in words that have nothing to do with anybody.
const shortestText = 4;
const rowsPerRound = 500;

/**
 * Takes name, address and login of these authors out of the transaction's workspace. Their facts stay, under ids that say
 * nothing; raw events that name them lose their bodies, as retention would have done. The mark keeps what sources tell later from
 * bringing the name back.
 */
export async function anonymiseAuthors(trx: WorkspaceTransaction, identityIds: readonly string[]): Promise<void> {
  if (identityIds.length === 0) return;
  const { rows } = await sql<{ texts: (string | null)[] }>`
    select array[external_key, email, login, name] as texts from fact_identities where workspace_id = ${ownWorkspace} and id = any(${identityIds}::uuid[])`.execute(
    trx,
  );
  const texts = new Set(
    rows.flatMap((row) => row.texts.filter((text) => text !== null && text.length >= shortestText)),
  );
  await stripEvents(trx, [...(texts as Set<string>), ...rows.flatMap((row) => spellNumber(row.texts[0] ?? ''))]);
  await forgetSubjects(trx, identityIds);
  await sql`
    update fact_identities set external_key = 'erased ' || id::text, email = null, login = null, name = ${formerMember},
      source_kind = null, kind_signal = 'erased with the account', erased_at = now()
    where workspace_id = ${ownWorkspace} and id = any(${identityIds}::uuid[])`.execute(trx);
}

/** How the permanent number of an account stands in what a forge sends, and in facts that were taken in. */
function spellNumber(externalKey: string): string[] {
  const [, id, number] = /^id:((?:.*\/)?(\d+))$/.exec(externalKey) ?? [];
  return number === undefined ? [] : [`"id":${number},`, `"id":${number}}`, `"externalId":"${id}"`];
}

/** Who was asked for a review, or assigned, stands in the moment itself: it follows the identity's key. */
async function forgetSubjects(trx: WorkspaceTransaction, identityIds: readonly string[]): Promise<void> {
  for (const table of ['fact_moments', 'fact_timeline_moments']) {
    await sql`
      update ${sql.table(table)} m set subject = 'user:erased ' || i.id::text
      from fact_identities i
      where i.workspace_id = ${ownWorkspace} and i.id = any(${identityIds}::uuid[]) and i.external_key like 'id:%'
        and m.workspace_id = ${ownWorkspace} and m.subject = 'user:' || substr(i.external_key, 4)`.execute(trx);
  }
}

async function stripEvents(trx: WorkspaceTransaction, texts: readonly string[]): Promise<void> {
  const needles = texts.map((text) => Buffer.from(text, 'utf8'));
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<{ id: string; key: string; body: Buffer; encoding: string }>`
      select id, item_key as key, body, body_encoding as encoding from raw_events
      where workspace_id = ${ownWorkspace} and body is not null and id > ${after}::uuid order by id limit ${rowsPerRound}`.execute(
      trx,
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    const named = rows.filter(({ body, encoding }) => {
      const bytes = encoding === 'gzip' ? gunzipSync(body) : body;
      return needles.some((needle) => bytes.includes(needle));
    });
    if (named.length > 0)
      await sql`
        update raw_events set body = null, body_encoding = 'identity', detail = null
        where workspace_id = ${ownWorkspace} and id = any(${named.map((row) => row.id)}::uuid[])`.execute(trx);
  }
}
