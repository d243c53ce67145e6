import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeInitFailure, hasUsableCluster, initCluster } from './init-cluster.ts';
import { StoreFault } from './store-faults.ts';
import { ensureSystemUser, findUser } from './system-user.ts';
import { isRoot, makeFolder, openStoreIn, useStore } from './testing/store-folder.ts';

async function refusal(folder: string, dataDir = path.join(folder, 'data')): Promise<StoreFault> {
  const error = await openStoreIn(folder, { dataDir }).catch((fault: unknown) => fault);
  if (error instanceof StoreFault) return error;
  throw new Error(`expected a StoreFault, not ${String(error)}`);
}

describe('a folder that cannot be opened', () => {
  const getFolder = useStore();

  it('is named with the parent that shuts PostgreSQL’s user out, before anything is made', async () => {
    const folder = makeFolder();
    const closed = path.join(folder, 'home');
    mkdirSync(closed);
    const dataDir = path.join(closed, 'some', 'where');
    // Shut to others under root; without root, to the user itself.
    chmodSync(closed, isRoot ? 0o700 : 0o500);
    const fault = await refusal(folder, dataDir);
    expect(fault.code).toBe(isRoot ? 'unreachable-folder' : 'forbidden-folder');
    expect(fault.message).toContain(isRoot ? `may not enter ${closed} ` : closed);
    expect(fault.message).toContain('--data');
    expect(readdirSync(closed)).toEqual([]);
    chmodSync(closed, 0o755);
  });

  it('leaves the rights of a folder alone that is not DevPulse’s', async () => {
    const folder = makeFolder();
    const home = path.join(folder, 'home');
    mkdirSync(home);
    writeFileSync(path.join(home, 'letter'), '');
    chmodSync(home, isRoot ? 0o700 : 0o500);
    const fault = await refusal(folder, home);
    expect(fault.message).toContain(home);
    expect(readdirSync(home)).toEqual(['letter']);
    chmodSync(home, 0o755);
  });

  it('is refused when its cluster has another major version, is incomplete or belongs to the wrong user', async () => {
    const folder = getFolder();
    const version = path.join(folder, 'data', 'pg', 'PG_VERSION');
    writeFileSync(version, '17\n');
    const wrong = await refusal(folder);
    expect(wrong).toMatchObject({ code: 'wrong-version' });
    expect(wrong.message).toMatch(/made by PostgreSQL 17, but this DevPulse brings PostgreSQL 18/);
    writeFileSync(version, '\u0000\u0001');
    expect(await refusal(folder)).toMatchObject({ code: 'not-a-cluster' });
    rmSync(version);
    expect((await refusal(folder)).message).toMatch(/not a complete PostgreSQL data folder.*Restore a backup/);
    writeFileSync(version, '18\n');
    const reopened = await openStoreIn(folder);
    await reopened.stop();

    const cluster = path.join(folder, 'data', 'pg');
    // Only root can give a folder away; the other side of the rule is that PostgreSQL's user is never root.
    const { uid, gid } = statSync(cluster);
    if (isRoot) chownSync(cluster, 0, 0);
    const owned = isRoot ? await refusal(folder) : null;
    expect(owned?.code ?? 'wrong-owner').toBe('wrong-owner');
    expect(owned?.message ?? 'chown').toContain('chown');
    if (isRoot) chownSync(cluster, uid, gid);
  });

  it('is made anew when it is empty, and when only an empty cluster folder is in it', async () => {
    const folder = makeFolder();
    const cluster = path.join(folder, 'data', 'pg');
    mkdirSync(cluster, { recursive: true });
    const user = isRoot ? await ensureSystemUser('devpulse') : null;
    if (user) chownSync(cluster, user.uid, user.gid);
    expect(hasUsableCluster(path.join(folder, 'nothing'), { major: '18' })).toBe(false);
    const store = await openStoreIn(folder);
    await store.stop();
    expect(existsSync(path.join(cluster, 'PG_VERSION'))).toBe(true);
  });

  it('shows the end of PostgreSQL’s log when PostgreSQL does not start, and is free afterwards', async () => {
    const folder = getFolder();
    const settings = path.join(folder, 'data', 'pg', 'postgresql.auto.conf');
    writeFileSync(settings, 'no_such_setting = 1\n');
    const fault = await refusal(folder);
    expect(fault.code).toBe('start-failed');
    expect(fault.message).toContain('unrecognized configuration parameter "no_such_setting"');
    rmSync(settings);
    const reopened = await openStoreIn(folder);
    expect(reopened.standing).toBe('owner');
  });
});

describe('ensureSystemUser', () => {
  it('says what was tried when no user can be made, and refuses a user that is root under another name', async () => {
    const fault = await ensureSystemUser('devpulse-absent', [['no-such-useradd'], ['false']]).catch(
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(StoreFault);
    expect((fault as StoreFault).message).toMatch(
      /no-such-useradd.*ENOENT.*false.*Make that user by hand, or start DevPulse as an ordinary user/,
    );
    await expect(ensureSystemUser('root')).rejects.toMatchObject({ code: 'no-system-user' });
    expect(await findUser('devpulse-absent')).toBeNull();
  });
});

describe('describeInitFailure', () => {
  it('explains that the user needs a name', () => {
    const said = 'initdb: could not look up effective user ID 12345: user does not exist';
    expect(describeInitFailure(said)).toMatchObject({
      code: 'no-user-name',
      message: expect.stringContaining('/etc/passwd'),
    });
    expect(describeInitFailure('no space left on device')).toMatchObject({ code: 'initdb-failed' });
  });
});

describe('initCluster', () => {
  it('says which path PostgreSQL’s programs must not have', async () => {
    const folder = makeFolder();
    const programs = path.join(folder, 'a"b', 'bin');
    const made = initCluster({
      folder: { path: folder, cluster: path.join(folder, 'pg'), runAs: null, handOver: () => undefined },
      binaries: { initdb: path.join(programs, 'initdb'), postgres: '', pgCtl: '', major: '18' },
      password: 'secret',
    });
    await expect(made).rejects.toThrow(`cannot set itself up from ${programs}`);
    expect(readdirSync(folder)).toEqual([]);
  });
});
