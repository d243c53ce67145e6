import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from './process-facts.ts';
import { findRunningServer } from './stale-pid.ts';
import { StoreInUse } from './store-faults.ts';
import {
  ask,
  isRoot,
  makeFolder,
  openInChild,
  openStoreIn,
  readServerPid,
  until,
  useStore,
} from './testing/store-folder.ts';

const getFolder = useStore();

/** Where the files of the store in a folder are. */
function filesOf(folder: string): { dataDir: string; pidFile: string; socketLock: string } {
  const dataDir = path.join(folder, 'data');
  return {
    dataDir,
    pidFile: path.join(dataDir, 'pg', 'postmaster.pid'),
    socketLock: path.join(dataDir, 'run', '.s.PGSQL.5432.lock'),
  };
}

/** What PostgreSQL leaves in its lock files, with another number. */
function lockFileOf(pid: number, dataDir: string): string {
  return `${pid}\n${dataDir}/pg\n1700000000\n5432\n${dataDir}/run\n\n`;
}

/** Opens the store again and says what is in it. */
async function readKept(folder: string): Promise<object[]> {
  const store = await openStoreIn(folder);
  const rows = await ask(store.connection, 'select n from kept');
  await store.stop();
  return rows;
}

describe('taking over a folder', () => {
  it('replaces the orphan that a killed server left, with every committed row', async () => {
    const folder = getFolder();
    const child = openInChild(folder);
    const { connection } = await child.next('open');
    if (!connection) throw new Error('no connection');
    await ask(connection, 'create table late as select 8 as n');
    const orphan = readServerPid(folder);
    await child.kill();
    expect(isAlive(orphan)).toBe(true);

    const store = await openStoreIn(folder);
    expect(isAlive(orphan)).toBe(false);
    expect(readServerPid(folder)).not.toBe(orphan);
    expect(store).toMatchObject({ standing: 'owner', holder: { pid: process.pid } });
    expect(await ask(store.connection, 'select n from late')).toEqual([{ n: 8 }]);
  });

  // In a container root often lacks the capability to look at another user's processes.
  const blindfold = isRoot ? ['setpriv', '--bounding-set=-sys_ptrace', '--inh-caps=-sys_ptrace'] : [];
  it.each([
    ['may look at every process', []],
    ['may not look at the processes of others', blindfold],
  ])('ends what a dead PostgreSQL left behind in the middle of a query when it %s', async (_case, wrapper) => {
    const folder = getFolder();
    const child = openInChild(folder);
    const { connection } = await child.next('open');
    if (!connection) throw new Error('no connection');
    const busy = new pg.Client(connection);
    busy.on('error', () => undefined);
    await busy.connect();
    const query = busy.query('select sum(g) from generate_series(1, 1000000000000) g').catch((error: unknown) => error);
    const running = "select from pg_stat_activity where query like 'select sum(g)%' and state = 'active'";
    await until(async () => (await ask(connection, running)).length > 0);
    const orphan = readServerPid(folder);
    await child.kill();
    // The postmaster alone dies; its child, in the middle of the query, keeps the shared memory.
    process.kill(orphan, 'SIGKILL');
    const next = openInChild(folder, {}, { wrapper });
    expect(await next.next('open', 'refused')).toMatchObject({ event: 'open', standing: 'owner' });
    expect(await query).toBeInstanceOf(Error);
    next.say('stop');
    await next.next('stopped');
  });

  it('starts at once after DevPulse and PostgreSQL were killed together', async () => {
    const folder = getFolder();
    for (const round of [1, 2, 3]) {
      const child = openInChild(folder);
      const { connection } = await child.next('open');
      if (!connection) throw new Error('no connection');
      await ask(connection, 'create table if not exists rounds (n int)');
      await ask(connection, `insert into rounds values (${round})`);
      process.kill(readServerPid(folder), 'SIGKILL');
      await child.kill();
    }
    const store = await openStoreIn(folder);
    expect(await ask(store.connection, 'select n from rounds order by n')).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('does not mistake a stranger with the number in postmaster.pid for PostgreSQL', async () => {
    const folder = getFolder();
    const { dataDir, pidFile, socketLock } = filesOf(folder);
    const { uid, gid } = statSync(path.join(dataDir, 'pg'));
    // Of PostgreSQL's own user and in its folder, so that only its name gives it away.
    const stranger = spawn('sleep', ['60'], { uid, gid, cwd: path.join(dataDir, 'pg'), stdio: 'ignore' });
    onTestFinished(() => void stranger.kill('SIGKILL'));
    for (const file of [pidFile, socketLock]) writeFileSync(file, lockFileOf(stranger.pid ?? 0, dataDir));
    expect(await readKept(folder)).toEqual([{ n: 7 }]);
    expect(stranger.exitCode).toBeNull();
    expect(stranger.signalCode).toBeNull();
  });

  it('does not mistake the PostgreSQL of another folder for its own', async () => {
    const [folder, other] = [getFolder(), makeFolder()];
    const { dataDir, pidFile, socketLock } = filesOf(folder);
    const neighbour = await openStoreIn(other);
    for (const file of [pidFile, socketLock]) writeFileSync(file, lockFileOf(readServerPid(other), dataDir));
    expect(await readKept(folder)).toEqual([{ n: 7 }]);
    expect(await ask(neighbour.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('takes a PostgreSQL that ended but was never collected for gone', async () => {
    const folder = getFolder();
    const { dataDir, pidFile, socketLock } = filesOf(folder);
    // The parent becomes `sleep`, which collects nobody, as a container's first process often does not.
    const { uid, gid } = statSync(path.join(dataDir, 'pg'));
    const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], {
      uid,
      gid,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(() => void parent.kill('SIGKILL'));
    const zombie = await new Promise<number>((resolve) => {
      createInterface({ input: parent.stdout }).once('line', (line) => resolve(Number(line)));
    });
    await until(() => !isAlive(zombie));
    for (const file of [pidFile, socketLock]) writeFileSync(file, lockFileOf(zombie, dataDir));
    expect(await readKept(folder)).toEqual([{ n: 7 }]);
  });

  it('starts over an empty or garbled postmaster.pid', async () => {
    const folder = getFolder();
    const { pidFile, socketLock } = filesOf(folder);
    for (const rubbish of ['', 'not a number\n']) {
      for (const file of [pidFile, socketLock]) writeFileSync(file, rubbish);
      expect(await readKept(folder)).toEqual([{ n: 7 }]);
    }
  });

  it('leaves nothing that looks finished when it is killed while it makes the cluster', async () => {
    const folder = makeFolder();
    const dataDir = path.join(folder, 'data');
    const child = openInChild(folder);
    const isHalfMade = (name: string): boolean =>
      name.startsWith('pg.new-') && existsSync(path.join(dataDir, name, 'global', 'pg_control'));
    // Late enough that initdb works on by itself when its parent dies.
    await until(() => existsSync(dataDir) && readdirSync(dataDir).some(isHalfMade));
    await child.kill();
    expect(existsSync(path.join(dataDir, 'pg'))).toBe(false);
    mkdirSync(path.join(dataDir, 'pg.new-7-older'));

    const store = await openStoreIn(folder);
    expect(await ask(store.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('pg.new-'))).toEqual([]);
  });

  it('lets its owner in again when the password file is lost or does not fit', async () => {
    const folder = getFolder();
    const { dataDir } = filesOf(folder);
    const file = path.join(dataDir, 'postgres-password');
    rmSync(file);
    expect(await readKept(folder)).toEqual([{ n: 7 }]);
    writeFileSync(file, 'another\n', { mode: 0o600 });
    expect(await readKept(folder)).toEqual([{ n: 7 }]);
  });

  it('respects the lock inside PostgreSQL when the lock file was deleted under a living owner', async () => {
    const folder = getFolder();
    const child = openInChild(folder);
    const { connection } = await child.next('open');
    child.say('announce http://127.0.0.1:3000');
    await child.next('announced');
    rmSync(path.join(folder, 'data', 'owner.lock'));
    for (const attempt of [1, 2]) {
      const refused = await openStoreIn(folder).catch((error: unknown) => error);
      expect(refused, `attempt ${attempt}`).toBeInstanceOf(StoreInUse);
      expect((refused as StoreInUse).holder).toMatchObject({ pid: child.pid, address: 'http://127.0.0.1:3000' });
    }
    expect(await ask(connection as never, 'select 1 as one')).toEqual([{ one: 1 }]);
  });
});

describe('findRunningServer', () => {
  it('asks the server itself where the kernel does not tell who a process is', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const cluster = path.join(folder, 'data', 'pg');
    const pid = readServerPid(folder);
    const options = { log: () => undefined, canAskKernel: false };
    expect(await findRunningServer(cluster, store.connection, options)).toMatchObject({ pid });
    // A wrong password is an answer too: somebody serves that private socket.
    expect(await findRunningServer(cluster, { user: 'postgres', password: 'wrong' }, options)).toMatchObject({ pid });
    await store.stop();
    writeFileSync(path.join(cluster, 'postmaster.pid'), lockFileOf(process.pid, path.join(folder, 'data')));
    expect(await findRunningServer(cluster, store.connection, options)).toBeNull();
    expect(existsSync(path.join(cluster, 'postmaster.pid'))).toBe(false);
  });
});
