import { gunzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { z } from 'zod';
import { arrivals, eventLimits, kindSchema, sourceSchema } from '@devpulse/contract/raw-event';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** One line of `events.ndjson`: a raw event as it came, its body in base64. */
export const eventLineSchema = z.strictObject({
  source: sourceSchema,
  key: z.string().min(1).max(eventLimits.keyCharacters),
  kind: kindSchema,
  arrival: z.enum(arrivals),
  body: z.base64(),
});
export type EventLine = z.infer<typeof eventLineSchema>;

interface Row {
  source: string;
  key: string;
  kind: string;
  arrival: EventLine['arrival'];
  body: Buffer;
  encoding: string;
}

const rowsPerFetch = 50;

/** Every raw event of the transaction's workspace whose body is there, by source and key. */
export async function* readEventLines(trx: WorkspaceTransaction): AsyncGenerator<string> {
  await sql`declare export_events no scroll cursor for
    select source, item_key as key, kind, arrival, body, body_encoding as encoding from raw_events
    where workspace_id = ${ownWorkspace} and body is not null order by source collate "C", item_key collate "C"`.execute(
    trx,
  );
  try {
    for (;;) {
      const { rows } = await sql<Row>`fetch ${sql.lit(rowsPerFetch)} from export_events`.execute(trx);
      if (rows.length === 0) return;
      for (const { source, key, kind, arrival, body, encoding } of rows) {
        const bytes = encoding === 'gzip' ? gunzipSync(body) : body;
        const line: EventLine = { source, key, kind, arrival, body: bytes.toString('base64') };
        yield `${JSON.stringify(line)}\n`;
      }
    }
  } finally {
    await sql`close export_events`.execute(trx);
  }
}

/** How many raw events there are, and how many of them lost their body to retention. */
export async function countEvents(trx: WorkspaceTransaction): Promise<{ events: number; withoutBody: number }> {
  const { rows } = await sql<{ events: number; withoutBody: number }>`
    select count(body)::integer as events, count(*) filter (where body is null)::integer as "withoutBody" from raw_events
    where workspace_id = ${ownWorkspace}`.execute(trx);
  return rows[0] ?? { events: 0, withoutBody: 0 };
}
