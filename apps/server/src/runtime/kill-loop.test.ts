import { spawn } from 'node:child_process';
import { createHash, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFirstWorkspace } from '../workspaces/ensure-workspace.ts';
import { killPostgres, makeSurroundings, type Program, runCommand, startProgram } from '../testing/start-program.ts';
import { openRuntime } from './open-runtime.ts';

// Fifty and more before a release; a few on every change.
const rounds = Number(process.env['KILL_ROUNDS'] ?? 8);
const commits = 400;

let folder = '';
let dataDir = '';
// Set where the suite runs on an external PostgreSQL: that one is not ours to kill, the program is.
let databaseUrl: string | undefined;
let remove: () => Promise<void> = async () => undefined;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-kill-'));
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
  await makeHistory(folder);
});
afterAll(async () => {
  await remove();
  await rm(folder, { recursive: true, force: true });
});

/** A history from git's own importer: quick to make, real to read. */
async function makeHistory(gitDir: string): Promise<void> {
  const init = spawn('git', ['init', '-q', '--bare', gitDir]);
  await once(init, 'close');
  const importer = spawn('git', [`--git-dir=${gitDir}`, 'fast-import', '--quiet'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  for (let index = 1; index <= commits; index += 1) {
    const author = `Author ${index % 7} <author${index % 7}@example.org> ${1_767_225_600 + index * 4000} +0100`;
    importer.stdin.write(
      `commit refs/heads/master\nmark :${index}\nauthor ${author}\ncommitter ${author}\ndata <<EOM\nchange ${index}\nEOM\n` +
        `M 100644 inline src/file${index % 20}.ts\ndata <<EOD\n${'line\n'.repeat((index % 9) + 1)}${index}\nEOD\n\n`,
    );
  }
  importer.stdin.end();
  await once(importer, 'close');
}

/** Sends events one after another and remembers which were acknowledged, whatever happens to the other side. */
class Sender {
  readonly acknowledged = new Map<string, string>();
  readonly #unsure = new Map<string, string>();
  #next = 0;

  async sendUntil(program: Program, token: string, stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      const fresh = Array.from({ length: 5 }, () => this.#make());
      const batch = [...this.#unsure, ...fresh].slice(0, 50);
      for (const [key, body] of batch) this.#unsure.set(key, body);
      await this.#send(program, token, batch);
    }
  }

  /** Sends again what got no answer, until everything is acknowledged. */
  async settle(program: Program, token: string): Promise<number> {
    for (let tries = 0; this.#unsure.size > 0 && tries < 50; tries += 1)
      await this.#send(program, token, [...this.#unsure].slice(0, 200));
    return this.#unsure.size;
  }

  #make(): [string, string] {
    this.#next += 1;
    const sha = createHash('sha1').update(String(this.#next)).digest('hex');
    const body = JSON.stringify({ repository: 'path:/pushed', snapshot: this.#next, reachable: true, shas: [sha] });
    return [`pushed#${this.#next}`, body];
  }

  async #send(program: Program, token: string, batch: [string, string][]): Promise<void> {
    const items = batch.map(([key, body]) => `{"source":"git","kind":"reach","key":"${key}","payload":${body}}`);
    try {
      const response = await fetch(`${program.address}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: `[${items.join(',')}]`,
      });
      if (response.status !== 202) return;
      const answer = (await response.json()) as { items: { key: string; status: string }[] };
      for (const item of answer.items) {
        if (item.status !== 'accepted' && item.status !== 'duplicate') continue;
        this.acknowledged.set(item.key, this.#unsure.get(item.key) ?? '');
        this.#unsure.delete(item.key);
      }
    } catch {
      // The other side is dead; what was sent is sent again.
    }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function killSomething(program: Program, victim: number): Promise<void> {
  if (victim !== 1) program.child.kill('SIGKILL');
  if (victim !== 0) await killPostgres(dataDir, 'SIGKILL');
  // The server brings its PostgreSQL back; this round ends all the same.
  if (victim === 1) {
    await sleep(randomInt(400));
    program.child.kill('SIGKILL');
  }
  await program.ended;
}

describe('killing server and PostgreSQL at random moments', () => {
  it(
    'loses nothing that was acknowledged, stores nothing twice, and leaves true numbers',
    async () => {
      const sender = new Sender();
      const token = (
        await runCommand(dataDir, ['token', 'create', '--scope', 'events', '--scope', 'read'])
      ).stdout.trim();
      for (let round = 0; round < rounds; round += 1) {
        const program = await startProgram(dataDir, { env: { LOG_LEVEL: 'fatal' } });
        let stopped = false;
        const sending = sender.sendUntil(program, token, () => stopped);
        const importing = runCommand(dataDir, ['import', folder], { env: { LOG_LEVEL: 'fatal' } });
        await sleep(randomInt(1500));
        await killSomething(program, databaseUrl === undefined ? round % 3 : 0);
        stopped = true;
        await Promise.all([sending, importing]);
      }
      const last = await startProgram(dataDir, { env: { LOG_LEVEL: 'fatal' } });
      expect(await sender.settle(last, token)).toBe(0);
      last.child.kill('SIGTERM');
      expect((await last.ended).code).toBe(0);
      // Leases of the dead may still run; their events are taken over when they end.
      await releaseDeadLeases();
      expect((await runCommand(dataDir, ['import', folder])).code).toBe(0);
      expect(sender.acknowledged.size).toBeGreaterThan(rounds);
      await checkStore(sender.acknowledged);
      const verified = await runCommand(dataDir, ['verify']);
      expect(verified.stdout).toMatch(/^No difference/m);
      expect(verified.code).toBe(0);
    },
    rounds * 20_000 + 60_000,
  );
});

async function withStore<Result>(
  work: (runtime: Awaited<ReturnType<typeof openRuntime>>, workspaceId: string) => Promise<Result>,
): Promise<Result> {
  const runtime = await openRuntime({ dataDir, databaseUrl, kind: 'command', log: () => undefined });
  try {
    return await work(runtime, (await findFirstWorkspace(runtime.store)).workspaceId);
  } finally {
    await runtime.close();
  }
}

async function releaseDeadLeases(): Promise<void> {
  await withStore(async ({ store }, workspaceId) => {
    await store.inWorkspace(workspaceId, async (trx) => {
      await sql`update raw_events set state = 'pending', attempts = 0, run_after = now() where state in ('leased', 'pending')`.execute(
        trx,
      );
      await sql`update sources set lease_owner = null, lease_until = null`.execute(trx);
    });
  });
}

/** Looks at the database itself, with code of its own. */
async function checkStore(acknowledged: ReadonlyMap<string, string>): Promise<void> {
  await withStore(({ store }, workspaceId) =>
    store.inWorkspace(workspaceId, async (trx) => {
      const raw = await sql<{ item_key: string; body: Buffer; state: string }>`
        select item_key, body, state from raw_events where item_key like 'pushed#%'`.execute(trx);
      const stored = new Map(raw.rows.map((row) => [row.item_key, row]));
      expect(stored.size).toBe(raw.rows.length);
      for (const [key, body] of acknowledged) expect(stored.get(key)?.body.toString()).toBe(body);
      const open = await sql<{ state: string; count: number }>`
        select state, count(*) as count from raw_events where state not in ('done', 'ignored') group by state`.execute(
        trx,
      );
      expect(open.rows).toEqual([]);
      const facts = await sql<{ pushed: number; commits: number; counted: number }>`
        select (select count(*) from fact_commit_reach r join fact_commits c using (workspace_id, sha)) as counted,
               (select count(*) from fact_commits) as commits,
               (select count(*) from fact_commit_reach r where not exists (
                 select 1 from fact_commits c where c.workspace_id = r.workspace_id and c.sha = r.sha)) as pushed`.execute(
        trx,
      );
      expect(facts.rows[0]).toEqual({ pushed: raw.rows.length, commits, counted: commits });
      const total = await sql<{ value: number }>`
        select sum(value) as value from rollup_days
        where metric = 'commits' and subject_kind = 'workspace' and resource_id = '00000000-0000-0000-0000-000000000000'`.execute(
        trx,
      );
      expect(total.rows[0]?.value).toBe(commits);
    }),
  );
}
