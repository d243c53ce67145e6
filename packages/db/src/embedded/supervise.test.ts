import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EmbeddedStore } from './open-embedded.ts';
import { isAlive } from './process-facts.ts';
import { ask, openStoreIn, readServerPid, until, useStore } from './testing/store-folder.ts';

function recordEvents(store: EmbeddedStore): string[] {
  const events: string[] = [];
  store.onEvent((event) => void events.push(event));
  return events;
}

/** A connection that is ended by the test and outlives the server's end without an unhandled error. */
async function connectTo(store: EmbeddedStore): Promise<pg.Client> {
  const client = new pg.Client(store.connection);
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.end());
  return client;
}

const HOLDER_SESSION = "select pid from pg_stat_activity where application_name = 'devpulse-owner'";

describe('a supervised store', () => {
  const getFolder = useStore();

  it('brings PostgreSQL back every time it is killed, takes the lock again and says so', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const events = recordEvents(store);
    for (const round of [1, 2, 3]) {
      const pid = readServerPid(folder);
      process.kill(pid, 'SIGKILL');
      await until(() => events.length === 2 * round);
      expect(readServerPid(folder)).not.toBe(pid);
      expect(await ask(store.connection, 'select n from kept')).toEqual([{ n: 7 }]);
      expect(await ask(store.connection, HOLDER_SESSION)).toHaveLength(1);
    }
    expect(events).toEqual(['lost', 'restarted', 'lost', 'restarted', 'lost', 'restarted']);
    await expect(openStoreIn(folder)).rejects.toMatchObject({ name: 'StoreInUse' });
  });

  it('goes on when PostgreSQL throws all sessions out because one of its processes was killed', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const events = recordEvents(store);
    const serverPid = readServerPid(folder);
    const client = await connectTo(store);
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    process.kill(rows[0]?.pid ?? 0, 'SIGKILL');
    await until(() => events.includes('restarted'));
    expect(events).toEqual(['lost', 'restarted']);
    expect(readServerPid(folder)).toBe(serverPid);
    expect(await ask(store.connection, HOLDER_SESSION)).toHaveLength(1);
  });

  it('takes the lock again when only its session was cut, and keeps calm', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const events = recordEvents(store);
    const [before] = await ask<{ pid: number }>(store.connection, HOLDER_SESSION);
    await ask(store.connection, `select pg_terminate_backend(${before?.pid})`);
    await until(async () => {
      const [now] = await ask<{ pid: number }>(store.connection, HOLDER_SESSION);
      return now !== undefined && now.pid !== before?.pid;
    });
    expect(events).toEqual([]);
  });

  it('says that the lock is lost when somebody else gets it, and leaves PostgreSQL to them', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const events = recordEvents(store);
    const [held] = await ask<{ classid: string; objid: string; pid: number }>(
      store.connection,
      "select classid, objid, pid from pg_locks where locktype = 'advisory' and granted",
    );
    const rival = await connectTo(store);
    // Waiting in line, it gets the lock in the very moment the owner's session ends.
    const taken = rival.query(`select pg_advisory_lock(${Number(held?.classid)}, ${Number(held?.objid)})`);
    await until(
      async () =>
        (await ask(store.connection, "select from pg_locks where locktype = 'advisory' and not granted")).length > 0,
    );
    await ask(store.connection, `select pg_terminate_backend(${held?.pid})`);
    await taken;
    await until(() => events.length > 0);
    expect(events).toEqual(['lock-lost']);
    await store.stop();
    expect((await rival.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('keeps trying while PostgreSQL cannot start, and stops in the middle of it when told to', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const events = recordEvents(store);
    const spoiler = path.join(folder, 'data', 'pg', 'postgresql.auto.conf');
    writeFileSync(spoiler, 'no_such_setting = 1\n');
    process.kill(readServerPid(folder), 'SIGKILL');
    await until(() => events.includes('lost'));
    await new Promise((resume) => setTimeout(resume, 700));
    expect(events).toEqual(['lost']);
    rmSync(spoiler);
    await until(() => events.includes('restarted'));
    expect(await ask(store.connection, 'select 1 as one')).toEqual([{ one: 1 }]);

    writeFileSync(spoiler, 'no_such_setting = 1\n');
    const pid = readServerPid(folder);
    process.kill(pid, 'SIGKILL');
    await until(() => events.length === 3);
    await store.stop();
    expect(isAlive(pid)).toBe(false);
    rmSync(spoiler);
    const again = await openStoreIn(folder);
    expect(await ask(again.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('goes on although a listener throws', async () => {
    const folder = getFolder();
    const complaints: string[] = [];
    const store = await openStoreIn(folder, {
      log: (level, text) => void (level === 'error' && complaints.push(text)),
    });
    store.onEvent(() => {
      throw new Error('a fault of the listener');
    });
    const events = recordEvents(store);
    process.kill(readServerPid(folder), 'SIGKILL');
    await until(() => events.includes('restarted'));
    expect(complaints).toHaveLength(2);
    expect(await ask(store.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});
