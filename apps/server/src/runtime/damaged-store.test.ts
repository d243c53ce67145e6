import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openEmbedded } from '@devpulse/db/embedded/open-embedded';
import { makeDataDir, runCommand, startProgram } from '../testing/start-program.ts';

/** The file of a table, below the folder of the cluster. */
async function findTable(dataDir: string, table: string): Promise<string> {
  const store = await openEmbedded({ dataDir, kind: 'command', log: () => undefined });
  const client = new pg.Client({ ...store.connection, database: 'devpulse' });
  await client.connect();
  await client.query('checkpoint');
  const { rows } = await client.query<{ path: string }>('select pg_relation_filepath($1) as path', [table]);
  await client.end();
  await store.stop();
  return path.join(dataDir, 'pg', rows[0]?.path ?? '');
}

/** One bit, in the middle of the first page. */
async function flipBit(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, 8100);
  buffer[0] = (buffer[0] ?? 0) ^ 1;
  await handle.write(buffer, 0, 1, 8100);
  await handle.close();
}

describe('a store with a flipped bit', { timeout: 240_000 }, () => {
  it('is told of, never shown as if it were whole, is not backed up, and comes back by a backup', async () => {
    const { dataDir, remove } = await makeDataDir();
    const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-damage-'));
    onTestFinished(async () => {
      await remove();
      await rm(folder, { recursive: true });
    });
    const scopes = ['read', 'events', 'operate'].flatMap((scope) => ['--scope', scope]);
    const token = (await runCommand(dataDir, ['token', 'create', ...scopes])).stdout.trim();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const first = await startProgram(dataDir);
    const item = {
      source: 'git',
      kind: 'reach-baseline',
      key: 'the one',
      payload: { repository: 'path:/x', snapshot: 1 },
    };
    const sent = await fetch(`${first.address}/api/v1/events`, { method: 'POST', headers, body: JSON.stringify(item) });
    expect(sent.status).toBe(202);
    const backup = path.join(folder, 'good.backup');
    expect((await runCommand(dataDir, ['backup', backup])).code).toBe(0);
    first.child.kill('SIGTERM');
    await first.ended;

    await flipBit(await findTable(dataDir, 'raw_events'));
    const second = await startProgram(dataDir);
    const answer = await fetch(`${second.address}/api/v1/raw-events`, { headers });
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({
      code: 'store_damaged',
      advice: expect.stringContaining('backup') as string,
    });
    for (const more of [[], ['--tables']]) {
      const refused = await runCommand(dataDir, ['backup', path.join(folder, 'bad.backup'), ...more]);
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('restore a backup') as string });
    }
    second.child.kill('SIGTERM');
    await second.ended;

    expect(await runCommand(dataDir, ['restore', backup, '--force'])).toMatchObject({ code: 0 });
    const third = await startProgram(dataDir);
    const listed = await fetch(`${third.address}/api/v1/raw-events`, { headers });
    expect(await listed.json()).toMatchObject({ events: [{ key: 'the one' }] });
    third.child.kill('SIGTERM');
    await third.ended;
  });
});
