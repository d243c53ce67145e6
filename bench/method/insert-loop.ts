import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { type Connection, openClient } from '@devpulse/db/connection';

/** The floor B2 where pgbench is not installed: one client of the driver that inserts one row after the other. */
interface InsertPlan {
  login: Connection;
  workspaceId: string;
  prefix: string;
  seconds: number;
  bytes: number;
}

const plan = JSON.parse(await text(process.stdin)) as InsertPlan;
const client = await openClient(plan.login, 'bench floor', () => undefined);
const noise = randomBytes(512 * 1024);
const end = performance.now() + plan.seconds * 1000;
let rows = 0;
for (; performance.now() < end; rows += 1) {
  const body = noise.subarray((rows * 4099) % (noise.length - plan.bytes)).subarray(0, plan.bytes);
  await client.query({
    name: 'floor',
    text: `insert into raw_events (workspace_id, id, source, item_key, kind, arrival, body, body_encoding, body_sha256)
           values ($1, $2, 'git', $3, 'bench', 'push', $4, 'identity', $5)`,
    values: [
      plan.workspaceId,
      randomUUID(),
      `${plan.prefix}-${rows}`,
      body,
      createHash('sha256').update(body).digest(),
    ],
  });
}
await client.end();
process.stdout.write(JSON.stringify({ rate: rows / plan.seconds }));
