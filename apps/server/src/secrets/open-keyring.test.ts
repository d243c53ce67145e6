import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { describeConfig } from '../config.ts';
import { findMasterKeys } from './find-master-keys.ts';
import { readWrappedKeys } from './key-table.ts';
import type { SecretPlace } from './keyring.ts';
import { type MasterKey, masterKeyFile } from './master-key.ts';
import { type LiveKeyring, openKeyring } from './open-keyring.ts';
import { fixedMasters, makeTestMaster } from './testing/test-keyring.ts';

let test: TestStore;
let dataDir: string;

beforeEach(async () => {
  test = await createTestStore();
  dataDir = mkdtempSync(path.join(tmpdir(), 'devpulse-keys-'));
});
afterEach(async () => {
  await test.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const place: SecretPlace = { workspaceId: null, table: 'secret_values', column: 'sealed', row: 'a' };

/** As a start of the program finds keys. */
function start(
  given: { key?: string; keyFile?: string; databaseUrl?: string; said?: string[] } = {},
): Promise<LiveKeyring> {
  return openKeyring({
    store: test.store,
    masters: findMasterKeys({
      dataDir,
      databaseUrl: given.databaseUrl,
      keys: { key: given.key, keyFile: given.keyFile, say: (text) => void given.said?.push(text) },
    }),
  });
}

const asText = (master: MasterKey): string => master.key.toString('base64');

describe('the first start', () => {
  it('makes a master key that only its owner reads, says where, and finds it again', async () => {
    const said: string[] = [];
    const first = await start({ said });
    const sealed = first.seal('hunter2', place);
    const file = masterKeyFile(dataDir);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(said).toEqual([`The master key for secrets is in ${file}: keep a copy of it apart from backups.`]);
    const later = await start({ said });
    expect(later.open(sealed, place)).toBe('hunter2');
    expect(later.derive('x').equals(first.derive('x'))).toBe(true);
    expect(said).toHaveLength(1);
    expect(readdirSync(dataDir)).toEqual(['master-key']);
  });

  it('says on an external PostgreSQL that others need the key as well', async () => {
    const said: string[] = [];
    await start({ said, databaseUrl: 'postgres://elsewhere/devpulse' });
    expect(said[0]).toContain('Other servers on this PostgreSQL need the same key');
  });

  it('takes a key that was given and writes none', async () => {
    await start({ key: asText(makeTestMaster()) });
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('makes one key of the instance when two start at once', async () => {
    const both = await Promise.all([start(), start()]);
    expect((await readWrappedKeys(test.store.app)).keys).toHaveLength(1);
    expect(both[1].open(both[0].seal('hunter2', place), place)).toBe('hunter2');
    expect(both[0].derive('x').equals(both[1].derive('x'))).toBe(true);
  });

  it('keeps neither the master key nor a data key nor the derived secrets where the store can be read', async () => {
    const master = makeTestMaster();
    const keyring = await openKeyring({ store: test.store, masters: fixedMasters([master]) });
    await keyring.prepare(test.workspaceId);
    const kept = JSON.stringify(await readWrappedKeys(test.store.app));
    for (const secret of [master.key, keyring.derive('x')])
      for (const form of ['base64', 'base64url', 'hex'] as const) expect(kept).not.toContain(secret.toString(form));
  });
});

describe('a start on a store that has keys', () => {
  it('refuses in one line when the master key is lost, and says every way out', async () => {
    await start();
    rmSync(masterKeyFile(dataDir));
    await expect(start()).rejects.toThrow(
      /^the secrets in this store need the master key [\w-]{10}, and there is none here: put it back as DEVPULSE_KEY, DEVPULSE_KEY_FILE or the file master-key of the data folder; if it is lost for good, devpulse keys forget [\w-]{10} gives up what it sealed$/,
    );
    // A new key beside lost secrets would look like a healthy start.
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('refuses a wrong key, and names it without showing it', async () => {
    await start({ key: asText(makeTestMaster()) });
    const wrong = makeTestMaster();
    const refusal = await start({ key: asText(wrong) }).catch((error: Error) => error.message);
    expect(refusal).toContain(`and what is here is ${wrong.id} (DEVPULSE_KEY)`);
    expect(refusal).not.toContain(asText(wrong).slice(0, 20));
    expect(refusal).not.toContain('\n');
  });

  it('opens with any of several keys, and seals with the first', async () => {
    const [old, fresh] = [makeTestMaster(), makeTestMaster()];
    const before = await start({ key: asText(old) });
    const sealed = before.seal('hunter2', place);
    const both = await start({ key: `${asText(fresh)},${asText(old)}` });
    expect(both.open(sealed, place)).toBe('hunter2');
    await both.prepare(test.workspaceId);
    const { keys } = await readWrappedKeys(test.store.app);
    expect(keys.map((key) => key.masterId)).toEqual([old.id, fresh.id]);
  });

  it('moves from the key of the data folder to one that was given', async () => {
    const sealed = (await start()).seal('hunter2', place);
    const moved = await start({ key: asText(makeTestMaster()) });
    expect(moved.open(sealed, place)).toBe('hunter2');
  });

  it('reads a key file, and refuses two sources, a file that is not there and words that are no key', async () => {
    const file = path.join(dataDir, 'given');
    const key = asText(makeTestMaster());
    writeFileSync(file, `# from the vault\n${key}\n`);
    await start({ keyFile: file });
    await expect(start({ key, keyFile: file })).rejects.toThrow(/are both set/);
    await expect(start({ keyFile: `${file}.not` })).rejects.toThrow(/there is no file/);
    const example = describeConfig().find(({ variable }) => variable === 'DEVPULSE_KEY')?.example ?? '';
    for (const text of ['', 'hunter2', randomBytes(31).toString('base64'), `${key} hunter2`, example]) {
      writeFileSync(file, text);
      const refusal = await start({ keyFile: file }).catch((error: Error) => error.message);
      expect(refusal).toMatch(/make one with: openssl rand -base64 32$/);
      expect(refusal).not.toContain('hunter2');
    }
  });

  it('refuses a store from which the key of the instance was taken, and one whose secret was changed', async () => {
    await start();
    const { store } = test;
    const owner = await openClient(store.logins.owner, 'the test', () => undefined);
    try {
      await owner.query(`update secret_values set sealed = overlay(sealed placing 'AAAA' from 40)`);
      await expect(start()).rejects.toThrow(/cannot be opened/);
      await owner.query('delete from secret_keys');
      await expect(start()).rejects.toThrow(/the data key of the instance is gone/);
    } finally {
      await owner.end();
    }
  });
});

describe('a workspace', () => {
  it('gets one data key, in whatever process it is asked for first, and every process opens with it', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    const here = { ...place, workspaceId: test.workspaceId };
    await Promise.all([one.prepare(test.workspaceId), two.prepare(test.workspaceId)]);
    expect(two.open(one.seal('hunter2', here), here)).toBe('hunter2');
    expect((await readWrappedKeys(test.store.app)).keys).toHaveLength(2);
    await expect(one.prepare('00000000-0000-7000-8000-00000000000f')).rejects.toThrow(/secret_keys_workspace_id_fkey/);
  });

  it('takes its data key along when it is deleted', async () => {
    const keyring = await start();
    const { workspaceId } = await test.addWorkspace();
    await keyring.prepare(workspaceId);
    await test.store.inWorkspace(workspaceId, (trx) => trx.deleteFrom('workspaces').execute());
    expect((await readWrappedKeys(test.store.app)).keys.map((key) => key.workspaceId)).toEqual([null]);
  });
});
