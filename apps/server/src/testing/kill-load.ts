import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { sql } from 'kysely';
import { expect } from 'vitest';
import { openRuntime } from '../runtime/open-runtime.ts';
import { findFirstWorkspace } from '../workspaces/ensure-workspace.ts';

/** Where the store of a test is. */
export interface StorePlace {
  dataDir: string;
  databaseUrl: string | undefined;
}

/** A history from git's own importer: quick to make, real to read. */
export async function makeHistory(gitDir: string, commits: number): Promise<void> {
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
export class Sender {
  readonly acknowledged = new Map<string, string>();
  readonly #unsure = new Map<string, string>();
  readonly #token: string;
  #next = 0;

  constructor(token: string) {
    this.#token = token;
  }

  /** Goes on until told to stop; the address may change, as after a restart. */
  async sendUntil(stopped: () => boolean, address: () => string): Promise<void> {
    while (!stopped()) {
      const fresh = Array.from({ length: 5 }, () => this.#make());
      const batch = [...this.#unsure, ...fresh].slice(0, 50);
      for (const [key, body] of batch) this.#unsure.set(key, body);
      await this.#send(address(), batch);
    }
  }

  /** Sends again what got no answer, until everything is acknowledged. */
  async settle(address: string): Promise<number> {
    for (let tries = 0; this.#unsure.size > 0 && tries < 50; tries += 1)
      await this.#send(address, [...this.#unsure].slice(0, 200));
    return this.#unsure.size;
  }

  #make(): [string, string] {
    this.#next += 1;
    const sha = createHash('sha1').update(String(this.#next)).digest('hex');
    const body = JSON.stringify({ repository: 'path:/pushed', snapshot: this.#next, reachable: true, shas: [sha] });
    return [`pushed#${this.#next}`, body];
  }

  async #send(address: string, batch: [string, string][]): Promise<void> {
    const items = batch.map(([key, body]) => `{"source":"git","kind":"reach","key":"${key}","payload":${body}}`);
    try {
      const response = await fetch(`${address}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
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
      // The other side is dead; what was sent is sent again, a little later.
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

async function withStore<Result>(
  place: StorePlace,
  work: (runtime: Awaited<ReturnType<typeof openRuntime>>, workspaceId: string) => Promise<Result>,
): Promise<Result> {
  const runtime = await openRuntime({ ...place, kind: 'command', log: () => undefined });
  try {
    return await work(runtime, (await findFirstWorkspace(runtime.store)).workspaceId);
  } finally {
    await runtime.close();
  }
}

/** Leases of the dead may still run; this ends them, for tests that need not wait until they end by themselves. */
export async function releaseDeadLeases(place: StorePlace): Promise<void> {
  await withStore(place, async ({ store }, workspaceId) => {
    await store.inWorkspace(workspaceId, async (trx) => {
      await sql`update raw_events set state = 'pending', attempts = 0, run_after = now() where state in ('leased', 'pending')`.execute(
        trx,
      );
      await sql`update sources set lease_owner = null, lease_until = null`.execute(trx);
    });
  });
}

/** Waits until the running program has read every raw event, or gives up; says what is left. */
export async function awaitEmptyInbox(
  place: StorePlace,
  patienceMs: number,
): Promise<{ state: string; count: number }[]> {
  return withStore(place, async ({ store }, workspaceId) => {
    const giveUpAt = Date.now() + patienceMs;
    for (;;) {
      const open = await store.inWorkspace(workspaceId, async (trx) => {
        const { rows } = await sql<{ state: string; count: number }>`
          select state, count(*) as count from raw_events where state not in ('done', 'ignored') group by state`.execute(
          trx,
        );
        return rows;
      });
      if (open.length === 0 || Date.now() > giveUpAt) return open;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  });
}

/** Looks at the database itself: everything acknowledged is there once, was read, and counts once. */
export async function checkStore(
  place: StorePlace,
  acknowledged: ReadonlyMap<string, string>,
  commits: number,
): Promise<void> {
  expect(await awaitEmptyInbox(place, 0)).toEqual([]);
  await withStore(place, ({ store }, workspaceId) =>
    store.inWorkspace(workspaceId, async (trx) => {
      const raw = await sql<{ item_key: string; body: Buffer }>`
        select item_key, body from raw_events where item_key like 'pushed#%'`.execute(trx);
      const stored = new Map(raw.rows.map((row) => [row.item_key, row]));
      expect(stored.size).toBe(raw.rows.length);
      for (const [key, body] of acknowledged) expect(stored.get(key)?.body.toString()).toBe(body);
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
