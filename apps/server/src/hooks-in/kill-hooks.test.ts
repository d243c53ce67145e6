import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { openRuntime, type Runtime } from '../runtime/open-runtime.ts';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { killPostgres, type Program, runCommand, startProgram } from '../testing/start-program.ts';
import { findFirstWorkspace } from '../workspaces/ensure-workspace.ts';
import { secretPlace } from './hook-secrets.ts';
import { sign } from './testing/hooked-app.ts';

// Many before a release; a few on every change.
const rounds = Number(process.env['KILL_ROUNDS'] ?? 4);
const secret = 'the secret of the hook';
const hook = newId();

let dataDir = '';
// Set where the suite runs on an external PostgreSQL: that one is not ours to kill, the program is.
let databaseUrl: string | undefined;
let remove: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
  await withStore(addHook);
});
afterAll(() => remove());

async function withStore<Result>(work: (runtime: Runtime, workspaceId: string) => Promise<Result>): Promise<Result> {
  const runtime = await openRuntime({ dataDir, databaseUrl, kind: 'command', log: () => undefined });
  try {
    return await work(runtime, (await findFirstWorkspace(runtime.store)).workspaceId);
  } finally {
    await runtime.close();
  }
}

async function addHook(runtime: Runtime, workspaceId: string): Promise<void> {
  const keyring = await runtime.openKeyring();
  await keyring.prepare(workspaceId);
  const sealed = keyring.seal(secret, secretPlace(workspaceId, hook, 'secret'));
  await runtime.store.inWorkspace(workspaceId, async (trx) => {
    await sql`
      insert into connections (workspace_id, id, kind, form, host, account_number, login)
      values (${workspaceId}, ${hook}, 'oauth', 'oauth', 'github.com', '1', 'ada')`.execute(trx);
    await sql`
      insert into sources (workspace_id, id, connector, natural_key, name, settings, state)
      values (${workspaceId}, ${newId()}, 'github', 'github.com/1', 'ada/site', '{}', 'failed')`.execute(trx);
    await sql`
      insert into hooks (workspace_id, id, connection_id, host, name, number, secret)
      values (${workspaceId}, ${hook}, ${hook}, 'github.com', 'ada/site', '1', ${sealed})`.execute(trx);
  });
}

const acknowledged = new Map<string, string>();

/** A star that somebody gives: one fact each. */
function bodyOf(number: number): string {
  const sender = { id: number, login: `visitor-${number}`, type: 'User' };
  const repository = { id: 1, full_name: 'ada/site', html_url: 'https://github.com/ada/site' };
  return JSON.stringify({ action: 'created', starred_at: '2026-03-01T10:00:00Z', repository, sender });
}

/** Delivers one after the other, each again until it is taken, as GitHub does when it is asked. */
async function deliverUntil(stopped: () => boolean, address: string, from: number): Promise<void> {
  let [guid, body] = [randomUUID(), bodyOf(from)];
  for (let number = from; !stopped();) {
    const taken = await deliver(address, guid, body);
    if (!taken) continue;
    acknowledged.set(guid, body);
    number += 1;
    [guid, body] = [randomUUID(), bodyOf(number)];
  }
}

async function deliver(address: string, guid: string, body: string): Promise<boolean> {
  try {
    const answer = await fetch(`${address}/webhooks/github/${hook}`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': 'star',
        'x-github-delivery': guid,
        'x-hub-signature-256': sign(body, secret),
      },
    });
    return answer.status === 202;
  } catch {
    await sleep(10);
    return false;
  }
}

async function killSomething(program: Program, withPostgres: boolean): Promise<void> {
  program.child.kill('SIGKILL');
  if (withPostgres) await killPostgres(dataDir, 'SIGKILL');
  await program.ended;
}

describe('killing the program while GitHub delivers', () => {
  it(
    'loses no delivery that was answered with 202, keeps none twice, and follows each once',
    async () => {
      for (let round = 0; round < rounds; round += 1) {
        const program = await startProgram(dataDir, { env: { LOG_LEVEL: 'fatal' } });
        let isStopped = false;
        const before = acknowledged.size;
        const senders = Array.from({ length: 8 }, (_, lane) =>
          deliverUntil(() => isStopped, program.address, 1 + round * 1_000_000 + lane * 100_000),
        );
        while (acknowledged.size < before + 20) await sleep(10);
        await sleep(randomInt(500));
        await killSomething(program, databaseUrl === undefined && round % 2 === 1);
        isStopped = true;
        await Promise.all(senders);
      }
      expect(acknowledged.size).toBeGreaterThanOrEqual(rounds * 20);
      const stored = await withStore((runtime, workspaceId) => readStored(runtime, workspaceId));
      for (const [guid, body] of acknowledged) expect(stored.get(guid), guid).toBe(body);
      const last = await startProgram(dataDir, { env: { LOG_LEVEL: 'fatal' } });
      await expect.poll(() => withStore(countUnheard), { timeout: 60_000, interval: 500 }).toBe(0);
      last.child.kill('SIGTERM');
      expect((await last.ended).code).toBe(0);
      expect((await runCommand(dataDir, ['verify'])).stdout).toMatch(/^No difference/m);
    },
    rounds * 20_000 + 120_000,
  );
});

async function readStored({ store }: Runtime, workspaceId: string): Promise<Map<string, string>> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<{ key: string; body: Buffer }>`select item_key as key, body from raw_events where arrival = 'webhook'`.execute(
      trx,
    ),
  );
  const stored = new Map(rows.map(({ key, body }) => [key.split(':').at(-1) ?? '', body.toString()]));
  expect(stored.size).toBe(rows.length);
  return stored;
}

async function countUnheard({ store }: Runtime, workspaceId: string): Promise<number> {
  const { rows } = await store.inWorkspace(workspaceId, (trx) =>
    sql<{ left: number }>`
      select count(*)::integer as left from raw_events e
      where not exists (select 1 from hook_deliveries d where d.workspace_id = e.workspace_id and d.raw_event_id = e.id)`.execute(
      trx,
    ),
  );
  return rows[0]?.left ?? -1;
}
