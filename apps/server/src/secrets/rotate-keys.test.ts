import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sql } from 'kysely';
import type pg from 'pg';
import { openClient } from '@devpulse/db/connection';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { openLog } from '../log.ts';
import type { ChangeableMasterKeys } from './find-master-keys.ts';
import { followKeys } from './follow-keys.ts';
import { forgetKeys } from './forget-keys.ts';
import { readWrappedKeys } from './key-table.ts';
import type { SecretPlace } from './keyring.ts';
import type { MasterKey } from './master-key.ts';
import { type LiveKeyring, openKeyring } from './open-keyring.ts';
import { dropKey, type Rotation, rotateKeys } from './rotate-keys.ts';
import { keyIdOf, SecretUnreadable } from './seal-text.ts';
import type { SealedColumn } from './sealed-columns.ts';
import { fixedMasters, makeTestMaster } from './testing/test-keyring.ts';
import { countSealed } from './walk-sealed.ts';

let test: TestStore;
let owner: pg.Client;
let held: MasterKey[];
const closing: (() => Promise<void>)[] = [];

/** A column of a workspace beside the registered one: names of people stand in for tokens. */
const columns: SealedColumn[] = [
  { table: 'secret_values', column: 'sealed', row: 'name', workspace: null, whenLost: 'delete the row' },
  { table: 'people', column: 'name', row: 'id', workspace: 'workspace_id', whenLost: 'delete the row' },
];

beforeEach(async () => {
  test = await createTestStore();
  owner = await openClient(test.store.logins.owner, 'the test', () => undefined);
  held = [makeTestMaster()];
});
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  await owner.end();
  await test.close();
});

/** Keys as those of a data folder, in memory. */
const masters: ChangeableMasterKeys = {
  read: () => [...held],
  make: () => {
    throw new Error('a test gives its keys');
  },
  add: () => {
    const key: MasterKey = { ...makeTestMaster(), from: 'data folder' };
    held = [key, ...held];
    return key;
  },
  keep: (ids) => {
    const unused = held.filter((key) => !ids.includes(key.id));
    held = held.filter((key) => ids.includes(key.id));
    return unused.map((key) => key.id);
  },
};

const open = (): Promise<LiveKeyring> => openKeyring({ store: test.store, masters });

function rotation(more: Partial<Rotation> = {}): Rotation {
  return { store: test.store, owner, masters, columns, say: () => undefined, ...more };
}

/** A connection of the owner that is gone after so many statements, as after kill -9. */
function dyingOwner(statements: number): pg.Client {
  let left = statements;
  const query = (...words: Parameters<pg.Client['query']>): unknown => {
    if ((left -= 1) < 0) throw new Error('killed');
    return owner.query(...words);
  };
  return { query } as unknown as pg.Client;
}

const instancePlace = (row: string): SecretPlace => ({
  workspaceId: null,
  table: 'secret_values',
  column: 'sealed',
  row,
});

/** Seals words in both columns; answers what must be read back. */
async function sealWords(keyring: LiveKeyring): Promise<void> {
  for (let index = 0; index < 5; index += 1) {
    await owner.query('insert into secret_values (name, sealed) values ($1, $2)', [
      `word ${index}`,
      keyring.seal(`word ${index}`, instancePlace(`word ${index}`)),
    ]);
  }
  const { workspaceId, ownerId } = test;
  await keyring.prepare(workspaceId);
  const sealed = keyring.seal('word of a workspace', { workspaceId, table: 'people', column: 'name', row: ownerId });
  await test.store.inWorkspace(workspaceId, (trx) => trx.updateTable('people').set({ name: sealed }).execute());
}

/** Opens every word; throws when one cannot be read. Answers the keys that sealed them. */
async function readWords(keyring: LiveKeyring): Promise<Set<string | null>> {
  const { rows } = await owner.query<{ name: string; sealed: string }>(
    `select name, sealed from secret_values where name like 'word %'`,
  );
  expect(rows).toHaveLength(5);
  for (const { name, sealed } of rows) expect(keyring.open(sealed, instancePlace(name))).toBe(name);
  const { workspaceId, ownerId } = test;
  const [person] = await test.store.inWorkspace(workspaceId, (trx) =>
    trx.selectFrom('people').select('name').execute(),
  );
  const sealed = person?.name ?? '';
  expect(keyring.open(sealed, { workspaceId, table: 'people', column: 'name', row: ownerId })).toBe(
    'word of a workspace',
  );
  return new Set([...rows.map((row) => keyIdOf(row.sealed)), keyIdOf(sealed)]);
}

describe('a rotation', () => {
  it('seals everything anew, wraps with a new master key, and keeps what is derived', async () => {
    const before = await open();
    await sealWords(before);
    const used = await readWords(before);
    const [old] = held;
    const report = await rotateKeys(rotation());
    expect(report).toMatchObject({ wasResumed: false, resealed: 7, unreadable: [], putAside: [old?.id] });
    const after = await open();
    for (const id of await readWords(after)) expect(used.has(id)).toBe(false);
    expect(after.derive('x').equals(before.derive('x'))).toBe(true);
    const { keys } = await readWrappedKeys(test.store.app);
    expect(new Set(keys.map((key) => key.masterId))).toEqual(new Set([held[0]?.id]));
    expect(held).toHaveLength(1);
    await expect(openKeyring({ store: test.store, masters: fixedMasters([old as MasterKey]) })).rejects.toThrow(
      /need the master key/,
    );
  });

  it('drops keys that retired earlier, and never one that still seals something', async () => {
    await sealWords(await open());
    await rotateKeys(rotation());
    const { keys } = await readWrappedKeys(test.store.app);
    const retired = keys.filter((key) => key.state === 'retired');
    expect(retired).toHaveLength(2);
    const second = await rotateKeys(rotation());
    expect(second.dropped.toSorted()).toEqual(retired.map((key) => key.id).toSorted());
    const present = (await readWrappedKeys(test.store.app)).keys.find(
      (key) => key.state === 'current' && key.workspaceId === null,
    );
    await owner.query(`update secret_keys set state = 'retired', retired_at = now() where kid = $1`, [present?.id]);
    await expect(dropKey(rotation(), present?.id ?? '')).rejects.toThrow(/still seals 6 secrets and is not dropped/);
    await expect(dropKey(rotation(), 'unknown')).rejects.toThrow(/no retired data key/);
  });

  it('only makes new data keys where the master key was given and no other was put before it', async () => {
    await sealWords(await open());
    const [given] = held;
    const report = await rotateKeys(rotation({ masters: { ...masters, add: () => null } }));
    expect(report).toMatchObject({ resealed: 7, putAside: [] });
    expect(held).toEqual([given]);
    await readWords(await open());
  });

  it('moves to a master key that was put before the old one', async () => {
    await sealWords(await open());
    held = [makeTestMaster(), ...held];
    const [fresh] = held;
    await rotateKeys(rotation({ masters: { ...masters, add: () => null } }));
    const moved = await openKeyring({ store: test.store, masters: fixedMasters([fresh as MasterKey]) });
    expect((await readWords(moved)).size).toBe(2);
  });

  it('can be interrupted at every statement: everything opens, and the next one finishes it', async () => {
    await sealWords(await open());
    const finished: unknown[] = [];
    let outcome: unknown = 'killed';
    for (let statements = 0; outcome === 'killed'; statements += 1) {
      outcome = await rotateKeys(rotation({ owner: dyingOwner(statements) })).catch((error: Error) => error.message);
      // What a killed process leaves goes with its connection.
      await owner.query('rollback');
      await owner.query('select pg_advisory_unlock_all()');
      await readWords(await open());
      // Every third time somebody comes along and finishes it.
      if (outcome !== 'killed' || statements % 3 !== 2) continue;
      const { unreadable } = await rotateKeys(rotation());
      finished.push({ unreadable, keys: (await readWords(await open())).size, masters: held.length });
    }
    expect(outcome).toMatchObject({ unreadable: [] });
    expect(finished.length).toBeGreaterThan(5);
    expect(new Set(finished.map((each) => JSON.stringify(each)))).toEqual(
      new Set([JSON.stringify({ unreadable: [], keys: 2, masters: 1 })]),
    );
  });

  it('is not run twice at once', async () => {
    await open();
    const other = await openClient(test.store.logins.owner, 'the test', () => undefined);
    closing.push(() => other.end());
    await other.query('select pg_advisory_lock(7270411005)');
    await expect(rotateKeys(rotation())).rejects.toThrow(/another rotation of keys is running/);
  });

  it('leaves a text that does not open as it is, says which, and finishes the others', async () => {
    const keyring = await open();
    await sealWords(keyring);
    const { rows } = await owner.query<{ name: string; sealed: string }>(
      `select name, sealed from secret_values where name in ('word 0', 'word 1') order by name`,
    );
    const [zero, one] = rows.map((row) => row.sealed);
    // Swapped, as somebody might who can write to the store and wants the secret of another.
    await owner.query(`update secret_values set sealed = $1 where name = 'word 1'`, [zero]);
    await owner.query(`update secret_values set sealed = $1 where name = 'word 0'`, [one]);
    expect(() => keyring.open(zero ?? '', instancePlace('word 1'))).toThrow(SecretUnreadable);
    const report = await rotateKeys(rotation());
    expect(report.unreadable.map((text) => text.place.row)).toEqual(['word 0', 'word 1']);
    expect(report.resealed).toBe(5);
    const kept = await rotateKeys(rotation());
    // Their key still seals them, so it stays.
    expect((await countSealed(rotation())).get(keyIdOf(zero ?? '') ?? '')).toBe(2);
    expect(kept.dropped).not.toContain(keyIdOf(zero ?? ''));
  });
});

describe('a running server', () => {
  it('follows a rotation without a moment in which something does not open', async () => {
    const log = openLog({ level: 'silent' });
    const keyring = await open();
    await sealWords(keyring);
    const following = followKeys({ login: test.store.logins.app, log, keyring });
    closing.push(() => following.close());
    await following.ready;
    let turning = true;
    const reading = (async () => {
      for (let index = 0; turning; index += 1) {
        await readWords(keyring);
        const name = `more ${index}`;
        const sealed = keyring.seal(name, instancePlace(name));
        await sql`select add_secret_value(${name}, ${sealed})`.execute(test.store.app);
      }
    })();
    for (let round = 0; round < 3; round += 1) expect((await rotateKeys(rotation())).unreadable).toEqual([]);
    turning = false;
    await reading;
    const { rows } = await owner.query<{ name: string; sealed: string }>(
      `select name, sealed from secret_values where name like 'more %'`,
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const { name, sealed } of rows) expect(keyring.open(sealed, instancePlace(name))).toBe(name);
    expect(keyIdOf(keyring.seal('x', instancePlace('x')))).toBe(
      (await readWrappedKeys(test.store.app)).keys.find((key) => key.state === 'current' && key.workspaceId === null)
        ?.id,
    );
  });

  it('holds a rotation up where it has not got the new master key, and goes on with the old one', async () => {
    const elsewhere = await openKeyring({ store: test.store, masters: fixedMasters(held) });
    await sealWords(elsewhere);
    const following = followKeys({
      login: test.store.logins.app,
      log: openLog({ level: 'silent' }),
      keyring: elsewhere,
    });
    closing.push(() => following.close());
    await following.ready;
    await expect
      .poll(async () => (await owner.query(`select 1 from pg_locks where classid::bigint = 7270414`)).rowCount)
      .toBe(1);
    await expect(rotateKeys(rotation({ followWithinMs: 300 }))).rejects.toThrow(
      /1 running server does not know the new keys: give it the same master keys/,
    );
    await elsewhere.reload();
    await readWords(elsewhere);
    const { workspaceId } = await test.addWorkspace();
    await elsewhere.prepare(workspaceId);
    await following.close();
    expect((await rotateKeys(rotation())).wasResumed).toBe(true);
    await readWords(await open());
  });
});

describe('giving up a lost master key', () => {
  it('deletes what it sealed and lets the store start with another one', async () => {
    await sealWords(await open());
    const [lost] = held;
    held = [makeTestMaster()];
    await expect(open()).rejects.toThrow(/need the master key/);
    const forgotten = await forgetKeys(rotation({ columns: columns.slice(0, 1) }), lost?.id ?? '');
    expect(forgotten).toEqual({ dataKeys: 2, secrets: 6 });
    const keyring = await open();
    expect(keyring.open(keyring.seal('hunter2', instancePlace('x')), instancePlace('x'))).toBe('hunter2');
  });
});
