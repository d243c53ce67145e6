import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { findMissingLinks } from './library-links.ts';
import { findUser } from './system-user.ts';
import { makeInstallation, removeLinks } from './testing/make-installation.ts';
import { ask, isRoot, makeFolder, openInChild, openStoreIn, readServerPid, useStore } from './testing/store-folder.ts';

const ownUid = process.getuid?.() ?? 0;

/** The user PostgreSQL runs as under this process. */
async function expectedUid(): Promise<number> {
  return isRoot ? ((await findUser('devpulse'))?.uid ?? 0) : ownUid;
}

/** An ordinary user: another one than this when this is root, who may become anybody. */
async function findOrdinaryUser(): Promise<{ uid: number; user?: { uid: number; gid: number } }> {
  if (!isRoot) return { uid: ownUid };
  const user = await findUser('nobody');
  if (!user) throw new Error('this system has no user called nobody');
  return { uid: user.uid, user: { uid: user.uid, gid: user.gid } };
}

function uidOf(pid: number): number {
  if (existsSync('/proc/self')) return statSync(`/proc/${pid}`).uid;
  return Number(execFileSync('ps', ['-o', 'uid=', '-p', String(pid)], { encoding: 'utf8' }));
}

describe('the user PostgreSQL runs as', () => {
  const getFolder = useStore();
  let shared = '';
  let script = '';
  let native = '';
  beforeAll(() => {
    shared = realpathSync(mkdtempSync(path.join(tmpdir(), 'dp-app-')));
    chmodSync(shared, 0o755);
    ({ script, native } = makeInstallation(shared));
  });
  afterAll(() => rmSync(shared, { recursive: true, force: true }));

  it('is never root: the system user under root, otherwise the user of DevPulse', async () => {
    const folder = getFolder();
    const store = await openStoreIn(folder);
    const uid = await expectedUid();
    expect(uid).toBeGreaterThan(0);
    expect(uidOf(readServerPid(folder))).toBe(uid);
    expect(statSync(path.join(folder, 'data', 'pg')).uid).toBe(uid);
    expect(statSync(store.connection.host).uid).toBe(uid);
    // What only DevPulse reads and writes is DevPulse's.
    expect(statSync(path.join(folder, 'data', 'postgres-password')).uid).toBe(ownUid);
    expect(statSync(path.join(folder, 'data')).uid).toBe(ownUid);
  });

  it('is the ordinary user, from an installation that is read-only and lacks its library links', async () => {
    const folder = makeFolder();
    const { uid, user } = await findOrdinaryUser();
    const dataDir = path.join(folder, 'data');
    mkdirSync(dataDir);
    chownSync(dataDir, uid, user?.gid ?? process.getgid?.() ?? uid);
    removeLinks(native);
    // Under root the other user may not write there anyway.
    chmodSync(path.join(native, 'lib'), 0o555);
    onTestFinished(() => chmodSync(path.join(native, 'lib'), 0o755));
    const child = openInChild(folder, { user }, { script });
    const opened = await child.next('open', 'refused');
    expect(opened).toMatchObject({ event: 'open', standing: 'owner', connection: { host: path.join(dataDir, 'run') } });
    expect(uidOf(readServerPid(folder))).toBe(uid);
    expect(findMissingLinks(native)).not.toEqual([]);
    expect(readdirSync(path.join(dataDir, 'binaries'))).toHaveLength(1);
    child.say('stop');
    await child.next('stopped');

    // Root may open the folder later; it stays its user's, who can come back after that.
    const visitor = await openStoreIn(folder);
    expect(uidOf(readServerPid(folder))).toBe(uid);
    await visitor.announce('http://127.0.0.1:3000');
    await visitor.stop();
    const back = openInChild(folder, { user }, { script });
    expect(await back.next('open', 'refused')).toMatchObject({ event: 'open' });
  });

  it('gets its own copy of the programs when it cannot reach them, whatever the umask', async () => {
    const folder = makeFolder();
    // As root's home does, for everybody but root. An ordinary user reaches its own folder, and needs no copy.
    chmodSync(shared, 0o700);
    onTestFinished(() => chmodSync(shared, 0o755));
    const dataDir = path.join(folder, 'made', 'on', 'the', 'way');
    const child = openInChild(folder, { dataDir, umask: 0o077 }, { script });
    const opened = await child.next('open', 'refused');
    expect(opened).toMatchObject({ event: 'open' });
    expect(existsSync(path.join(dataDir, 'binaries'))).toBe(isRoot);
    expect(findMissingLinks(native)).toEqual([]);
    child.say('stop');
    await child.next('stopped');
    const again = openInChild(folder, { dataDir, umask: 0o077 }, { script });
    expect(await again.next('open', 'refused')).toMatchObject({ event: 'open' });
    again.say('stop');
    await again.next('stopped');
  });

  it('is told by name when another user wants the same folder', async () => {
    const folder = getFolder();
    const server = await openStoreIn(folder);
    await server.announce('http://127.0.0.1:3000');
    const { user } = await findOrdinaryUser();
    const child = openInChild(folder, { user }, { script });
    expect(await child.next('open', 'refused')).toMatchObject({
      event: 'refused',
      name: 'StoreInUse',
      holder: { pid: process.pid, address: 'http://127.0.0.1:3000' },
    });
    expect(await ask(server.connection, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    // With nobody at work in it the folder is still not theirs.
    const later = openInChild(folder, { user }, { script });
    const outcome = await later.next('open', 'refused');
    expect(outcome).toMatchObject(isRoot ? { event: 'refused', code: 'forbidden-folder' } : { event: 'open' });
  });
});
