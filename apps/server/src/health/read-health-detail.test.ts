import type pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openClient, parseDatabaseUrl } from '@devpulse/db/connection';
import { openStore } from '@devpulse/db/open-store';
import { appRole, captureRole } from '@devpulse/db/prepare-roles';
import { createTestDatabase, findTestServer } from '@devpulse/db/testing/test-server';
import type { ServerDeps } from '../deps.ts';
import { openLog } from '../log.ts';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';
import { readHealthDetail } from './read-health-detail.ts';

const quiet = (): undefined => undefined;

/** What the server itself says of a commit, to a client of our own. */
async function askServer(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ fsync: string; synchronous_commit: string }>(
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`,
  );
  return rows[0]?.fsync === 'on' && rows[0].synchronous_commit !== 'off';
}

describe('GET /api/v1/health', { timeout: 120_000 }, () => {
  let program: Program;
  let dataDir = '';
  let databaseUrl: string | undefined;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    ({ dataDir, databaseUrl, remove } = await makeSurroundings());
    program = await startProgram(dataDir);
  });
  afterAll(async () => {
    program.child.kill('SIGTERM');
    await program.ended;
    await remove();
  });

  async function read(scope: string | null): Promise<{ status: number; body: unknown }> {
    const token =
      scope === null ? null : (await runCommand(dataDir, ['token', 'create', '--scope', scope])).stdout.trim();
    const response = await fetch(`${program.address}/api/v1/health`, {
      headers: token === null ? {} : { authorization: `Bearer ${token}` },
    });
    return { status: response.status, body: await response.json() };
  }

  /** Our own store keeps what it acknowledged, always; an external one is as its operator set it. */
  async function expectDurable(): Promise<boolean> {
    if (databaseUrl === undefined) return true;
    const client = await openClient(parseDatabaseUrl(databaseUrl), 'the test', quiet);
    const isDurable = await askServer(client);
    await client.end();
    return isDurable;
  }

  it('tells whoever may mend it how each part does, and whether what is acknowledged is on disk', async () => {
    const { status, body } = await read('operate');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      parts: [
        { part: 'store', ready: true, reason: null },
        { part: 'schema', ready: true, reason: null },
        { part: 'isolation', ready: true, reason: null },
        { part: 'queue', ready: true, reason: null },
      ],
      store: {
        kind: databaseUrl === undefined ? 'embedded' : 'external',
        durable: await expectDurable(),
        staleMarks: 0,
        inbox: [],
      },
    });
  });

  it('is closed to everybody else', async () => {
    expect((await read('read')).status).toBe(403);
    expect((await read(null)).status).toBe(401);
  });
});

describe('readHealthDetail', () => {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0).toReversed()) await close();
  });

  /** The health of a database in which one login does not wait for the disk. */
  async function readWith(hasty: string | null): Promise<{ durable: boolean | undefined; isServerSafe: boolean }> {
    const { logins, drop } = await createTestDatabase();
    closers.push(drop);
    const admin = { ...findTestServer().admin, database: logins.app.database };
    const client = await openClient(admin, 'the test', quiet);
    closers.push(() => client.end());
    if (hasty !== null)
      await client.query(`alter role ${hasty} in database ${logins.app.database} set synchronous_commit = off`);
    const store = openStore(logins, { log: quiet, poolSize: 2 });
    closers.push(() => store.close());
    const asked: Pick<ServerDeps, 'store' | 'instance' | 'readiness' | 'log'> = {
      store,
      readiness: [],
      instance: { version: '0.0.0-test', store: 'external' },
      log: openLog({ level: 'silent' }),
    };
    const health = await readHealthDetail(asked);
    return { durable: health.store?.durable, isServerSafe: await askServer(client) };
  }

  it('calls a store safe exactly when its server does', async () => {
    const { durable, isServerSafe } = await readWith(null);
    expect(durable).toBe(isServerSafe);
  });

  it.each([appRole, captureRole])('calls it unsafe when %s alone does not wait for the disk', async (role) => {
    expect((await readWith(role)).durable).toBe(false);
  });
});
