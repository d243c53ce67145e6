import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';

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
    select array[external_key, email, login, name] as texts from fact_identities where id = any(${identityIds}::uuid[])`.execute(
    trx,
  );
  const texts = new Set(
    rows.flatMap((row) => row.texts.filter((text) => text !== null && text.length >= shortestText)),
  );
  await stripEvents(trx, [...texts] as string[]);
  await sql`
    update fact_identities set external_key = 'erased ' || id::text, email = null, login = null, name = ${formerMember},
      source_kind = null, kind_signal = 'erased with the account', erased_at = now()
    where id = any(${identityIds}::uuid[])`.execute(trx);
}

async function stripEvents(trx: WorkspaceTransaction, texts: readonly string[]): Promise<void> {
  const needles = texts.map((text) => Buffer.from(text, 'utf8'));
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await sql<{ id: string; key: string; body: Buffer; encoding: string }>`
      select id, item_key as key, body, body_encoding as encoding from raw_events
      where body is not null and id > ${after}::uuid order by id limit ${rowsPerRound}`.execute(trx);
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
        where id = any(${named.map((row) => row.id)}::uuid[])`.execute(trx);
  }
}
