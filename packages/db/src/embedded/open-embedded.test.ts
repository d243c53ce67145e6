import { existsSync, readFileSync, renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isAlive } from './process-facts.ts';
import { StoreInUse } from './store-faults.ts';
import { ask, makeFolder, openInChild, openStoreIn, readServerPid, until, useStore } from './testing/store-folder.ts';

describe('openEmbedded', () => {
  const getFolder = useStore();

  it('makes a durable UTF-8 cluster on a private socket, keeps its data and ends it on stop', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const settings = await ask<{ name: string; setting: string }>(
      store.connection,
      'select name, setting from pg_settings',
    );
    const setting = Object.fromEntries(settings.map(({ name, setting: value }) => [name, value]));
    expect(setting).toMatchObject({
      data_checksums: 'on',
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      wal_level: 'replica',
      server_encoding: 'UTF8',
      listen_addresses: '',
      unix_socket_permissions: '0700',
      TimeZone: 'UTC',
      log_timezone: 'UTC',
      password_encryption: 'scram-sha-256',
    });
    const [locale] = await ask(
      store.connection,
      "select datlocprovider, datlocale, lower('É') from pg_database where datname = 'template0'",
    );
    expect(locale).toEqual({ datlocprovider: 'b', datlocale: 'C.UTF-8', lower: 'é' });
    await expect(ask({ ...store.connection, password: 'guessed' }, 'select 1')).rejects.toMatchObject({
      code: '28P01',
    });
    const pid = readServerPid(folder);
    await store.stop();
    await store.stop();
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(path.join(folder, 'data', 'holder.json'))).toBe(false);

    const again = await openStoreIn(folder);
    expect(await ask(again.connection, 'select n from kept')).toEqual([{ n: 7 }]);
  });

  it('lets nobody but its user read the password, the log and the socket', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const modeOf = (name: string): string => (statSync(path.join(folder, 'data', name)).mode & 0o777).toString(8);
    expect({
      password: modeOf('postgres-password'),
      log: modeOf('logs/postgres.log'),
      logs: modeOf('logs'),
      socket: modeOf('run'),
      cluster: modeOf('pg'),
    }).toEqual({ password: '600', log: '600', logs: '700', socket: '700', cluster: '700' });
    const log = readFileSync(path.join(folder, 'data', 'logs', 'postgres.log'), 'utf8');
    expect(log).toContain('ready to accept connections');
    await expect(ask(store.connection, "alter role nobody_here password 'swordfish'")).rejects.toThrow(
      /does not exist/,
    );
    expect(readFileSync(path.join(folder, 'data', 'logs', 'postgres.log'), 'utf8')).not.toContain('swordfish');
  });

  it('refuses a second server, naming the first one, which goes on unharmed', async () => {
    const folder = getFolder();
    const first = openInChild(folder);
    const { connection } = await first.next('open');
    first.say('announce http://127.0.0.1:3000');
    await first.next('announced');
    const serverPid = readServerPid(folder);

    const refused = await openStoreIn(folder).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreInUse);
    expect((refused as StoreInUse).holder).toMatchObject({
      pid: first.pid,
      kind: 'server',
      address: 'http://127.0.0.1:3000',
    });
    expect((refused as StoreInUse).message).toContain(`pid ${first.pid} at http://127.0.0.1:3000`);
    if (!connection) throw new Error('no connection');
    expect(await ask(connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    expect(readServerPid(folder)).toBe(serverPid);
  });

  it('refuses a second server in the same process too', async () => {
    const folder = getFolder();
    await openStoreIn(folder);
    await expect(openStoreIn(folder)).rejects.toMatchObject({ name: 'StoreInUse', holder: { pid: process.pid } });
    // The refused attempt must not have dropped the lock of the first.
    const third = openInChild(folder);
    expect(await third.next('open', 'refused')).toMatchObject({ event: 'refused', holder: { pid: process.pid } });
  });

  it('gives an empty folder to exactly one of several who open it at once', async () => {
    const folder = makeFolder();
    const children = [1, 2, 3].map(() => openInChild(folder));
    const outcomes = await Promise.all(children.map((child) => child.next('open', 'refused')));
    const winner = children[outcomes.findIndex(({ event }) => event === 'open')];
    expect(outcomes.map(({ event, name }) => name ?? event).toSorted()).toEqual(['StoreInUse', 'StoreInUse', 'open']);
    expect(outcomes.map(({ holder }) => holder?.pid)).toEqual([winner?.pid, winner?.pid, winner?.pid]);
  });

  it('lets a command work beside a server and leaves the server alone when it ends', async () => {
    const folder = getFolder();
    const server = await openStoreIn(folder);
    await server.announce('http://127.0.0.1:3000');
    const command = await openStoreIn(folder, { kind: 'command' });
    expect(command.standing).toBe('guest');
    expect(command.holder).toEqual(server.holder);
    expect(await ask(command.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    await expect(command.announce('http://elsewhere')).rejects.toThrow(/owns the store/);
    await command.stop();
    expect(await ask(server.connection, 'select 2 as two')).toEqual([{ two: 2 }]);
  });

  it('lets no command in before the server has announced that it is ready', async () => {
    const folder = getFolder();
    const server = await openStoreIn(folder);
    await expect(openStoreIn(folder, { kind: 'command', waitForHolderMs: 600 })).rejects.toBeInstanceOf(StoreInUse);
    const command = openStoreIn(folder, { kind: 'command' });
    await server.announce('http://127.0.0.1:3000');
    expect((await command).standing).toBe('guest');
  });

  it('makes a command the owner when nobody is there, and the next command and a server wait or are refused', async () => {
    const folder = getFolder();
    const first = await openStoreIn(folder, { kind: 'command' });
    expect(first.standing).toBe('owner');
    await expect(openStoreIn(folder)).rejects.toMatchObject({ holder: { pid: process.pid, kind: 'command' } });
    await expect(openStoreIn(folder, { kind: 'command', waitForHolderMs: 500 })).rejects.toBeInstanceOf(StoreInUse);

    const second = openStoreIn(folder, { kind: 'command' });
    const serverPid = readServerPid(folder);
    await first.stop();
    expect((await second).standing).toBe('owner');
    expect(isAlive(serverPid)).toBe(false);
    expect(await ask((await second).connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('survives Ctrl-C in the terminal until its process has finished what it has in hand', async () => {
    const folder = getFolder();
    const child = openInChild(folder, {}, { ownGroup: true });
    const { connection } = await child.next('open');
    if (!connection) throw new Error('no connection');
    const [before] = await ask<{ answer: string }>(connection, 'select pg_postmaster_start_time()::text as answer');
    process.kill(-child.pid, 'SIGINT');
    // The same server, not one that the supervision brought back.
    expect(await child.next('in-hand')).toMatchObject({ answer: before?.answer });
    await child.next('stopped');
    expect(existsSync(path.join(folder, 'data', 'pg', 'postmaster.pid'))).toBe(false);
  });

  it('takes PostgreSQL along when its process exits without stopping it', async () => {
    const folder = getFolder();
    const child = openInChild(folder);
    await child.next('open');
    const pid = readServerPid(folder);
    child.say('exit');
    await until(() => !isAlive(pid));
    expect(existsSync(path.join(folder, 'data', 'pg', 'postmaster.pid'))).toBe(false);
  });

  it('stops a PostgreSQL that does not answer to signals', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const pid = readServerPid(folder);
    process.kill(pid, 'SIGSTOP');
    await store.stop();
    expect(isAlive(pid)).toBe(false);
    const again = await openStoreIn(folder);
    expect(await ask(again.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
  });

  it.each([
    ['is too long for a socket', 'x'.repeat(100), false],
    ['holds what shells and lists take for their own', 'é, "quoted" $HOME \'n spaced', true],
  ])('works in a folder whose path %s', async (_case, name, isInside) => {
    const folder = getFolder();
    const dataDir = path.join(folder, name);
    renameSync(path.join(folder, 'data'), dataDir);
    onTestFinished(() => renameSync(dataDir, path.join(folder, 'data')));
    const store = await openStoreIn(folder, { dataDir });
    const { connection } = store;
    expect(connection.host === path.join(dataDir, 'run')).toBe(isInside);
    expect(statSync(connection.host).mode & 0o777).toBe(0o700);
    expect(await ask(connection, "select current_setting('data_directory') as at")).toEqual([
      { at: path.join(dataDir, 'pg') },
    ]);
    await store.announce('http://127.0.0.1:3000');
    expect((await openStoreIn(folder, { dataDir, kind: 'command' })).connection).toEqual(connection);
    await store.stop();
    expect(existsSync(connection.host)).toBe(isInside);
  });
});
