import { setTimeout as sleep } from 'node:timers/promises';
import { StoreUnusable } from '@devpulse/db/prepare-roles';
import type { Store } from '@devpulse/db/open-store';
import type { ChangeableMasterKeys } from './find-master-keys.ts';
import { followerLockClass } from './follow-keys.ts';
import { keysChannel, makeDataKey, readWrappedKeys, unwrapKey, wrapAgain } from './key-table.ts';
import { type Keyring, knowKeys, makeKeyring } from './keyring.ts';
import {
  changeSealed,
  countSealed,
  type OwnerClient,
  sealedParts,
  type SealedStore,
  type SealedText,
} from './walk-sealed.ts';

/** What a rotation needs beside the store. */
export interface Rotation extends SealedStore {
  owner: OwnerClient;
  masters: ChangeableMasterKeys;
  /** Told what was done, one line a step. */
  say(step: string): void;
  /** How long running servers have to follow a step. */
  followWithinMs?: number;
}

/** What came of it. */
export interface RotationReport {
  /** An earlier one that was interrupted was finished, and this one was not begun. */
  wasResumed: boolean;
  resealed: number;
  dropped: string[];
  putAside: string[];
  unreadable: SealedText[];
}

interface Begun {
  startedAt: string;
  masterId: string;
}

const rotationLock = 7_270_411_005;
const settingName = 'key_rotation';

/**
 * Gives every workspace and the instance a new data key, seals every secret anew with it, and wraps the data keys with the first
 * master key. Each step leaves a store in which every secret opens; one that is killed is finished by the next call.
 */
export async function rotateKeys(rotation: Rotation): Promise<RotationReport> {
  const { owner, say } = rotation;
  const { rows } = await owner.query<{ mine: boolean }>('select pg_try_advisory_lock($1) as mine', [rotationLock]);
  if (rows[0]?.mine !== true) throw new StoreUnusable('another rotation of keys is running; wait until it has ended');
  try {
    const { begun, wasResumed } = await begin(rotation);
    if (wasResumed) say('An interrupted rotation is finished first');
    await addNextKeys(rotation, begun);
    await awaitFollowers(rotation, 'know the new keys');
    await promote(owner);
    await awaitFollowers(rotation, 'use the new keys');
    const { resealed, unreadable } = await sealAgain(rotation);
    say(`${resealed} secrets sealed anew`);
    await wrapAllAgain(rotation, begun);
    const dropped = await dropUnused(rotation, begun.startedAt);
    const putAside = rotation.masters.keep(await readMasterIds(rotation.store));
    await owner.query('delete from instance_settings where key = $1', [settingName]);
    await tellAll(owner);
    return { wasResumed, resealed, dropped, putAside, unreadable };
  } finally {
    await owner.query('select pg_advisory_unlock($1)', [rotationLock]);
  }
}

/** Written down before anything is changed, so that whoever comes after a kill knows where it was going. */
async function begin({ owner, masters, store }: Rotation): Promise<{ begun: Begun; wasResumed: boolean }> {
  const { rows } = await owner.query<{ value: Begun }>('select value from instance_settings where key = $1', [
    settingName,
  ]);
  const earlier = rows[0]?.value;
  if (earlier !== undefined && masters.read().some((master) => master.id === earlier.masterId))
    return { begun: earlier, wasResumed: true };
  const used = await readMasterIds(store);
  const [first] = masters.read();
  // A first key that wraps nothing yet was added for this: by its giver, or by a rotation that ended right after adding it.
  const master = first !== undefined && !used.includes(first.id) ? first : (masters.add() ?? first);
  if (master === undefined) throw new StoreUnusable('there is no master key to rotate to');
  const { rows: written } = await owner.query<{ value: Begun }>(
    `insert into instance_settings (key, value)
     values ($1, jsonb_build_object('startedAt', clock_timestamp(), 'masterId', $2::text))
     on conflict (key) do update set value = excluded.value returning value`,
    [settingName, master.id],
  );
  const begun = written[0]?.value;
  if (begun === undefined) throw new Error('an upsert with returning always gives a row');
  return { begun, wasResumed: false };
}

async function addNextKeys({ owner, masters, store }: Rotation, begun: Begun): Promise<void> {
  const master = masters.read().find((one) => one.id === begun.masterId);
  if (master === undefined) throw new StoreUnusable(`the master key ${begun.masterId} is gone`);
  const { keys } = await readWrappedKeys(store.app);
  const startedAt = new Date(begun.startedAt);
  for (const key of keys.filter((one) => one.state === 'current' && one.createdAt < startedAt)) {
    const next = makeDataKey(key.workspaceId, master);
    await owner.query(
      `insert into secret_keys (kid, workspace_id, state, master_id, wrapped)
       select $1::text, $2::uuid, 'next', $3::text, $4::text where $2::uuid is null or exists (select 1 from workspaces w where w.id = $2)
       on conflict do nothing`,
      [next.id, next.workspaceId, next.masterId, next.wrapped],
    );
  }
}

/** One transaction: at no moment is there a workspace without a key that seals, or with two. */
async function promote(owner: OwnerClient): Promise<void> {
  await owner.query('begin');
  await owner.query(
    `update secret_keys k set state = 'retired', retired_at = clock_timestamp()
     where k.state = 'current' and exists (
       select 1 from secret_keys n where n.state = 'next' and n.workspace_id is not distinct from k.workspace_id)`,
  );
  await owner.query(`update secret_keys set state = 'current' where state = 'next'`);
  await owner.query('commit');
}

/** Waits until every running server has read what is in the store now. */
async function awaitFollowers(rotation: Rotation, doWhat: string): Promise<void> {
  const { owner } = rotation;
  const { rows } = await owner.query<{ version: number }>(`select nextval('secret_key_changes') as version`);
  const version = rows[0]?.version ?? 0;
  await tellAll(owner);
  const deadline = Date.now() + (rotation.followWithinMs ?? 30_000);
  for (;;) {
    const { rows: behind } = await owner.query<{ count: number }>(
      `select count(distinct pid)::int as count from pg_locks
       where locktype = 'advisory' and classid::bigint = $1 and objsubid = 2 and objid::bigint < $2
         and database = (select oid from pg_database where datname = current_database())`,
      [followerLockClass, version],
    );
    const count = behind[0]?.count ?? 0;
    if (count === 0) return;
    if (Date.now() > deadline)
      throw new StoreUnusable(
        `${count} running server${count === 1 ? ' does' : 's do'} not ${doWhat}: give ${count === 1 ? 'it' : 'them'} the same ` +
          'master keys as this machine, or end them, and say devpulse keys rotate again; every secret can be read as before',
      );
    await sleep(50);
  }
}

async function tellAll(owner: OwnerClient): Promise<void> {
  await owner.query('select pg_notify($1, $2)', [keysChannel, '']);
}

/** Opens what retired keys sealed, and seals it with the present ones. */
async function sealAgain(rotation: Rotation): Promise<{ resealed: number; unreadable: SealedText[] }> {
  const { keys } = await readWrappedKeys(rotation.store.app);
  const keyring = keyringOf(keys.map((row) => unwrapKey(row, rotation.masters.read())));
  const retired = keys.filter((key) => key.state === 'retired').map((key) => key.id);
  const unreadable: SealedText[] = [];
  let resealed = 0;
  for await (const part of sealedParts(rotation)) {
    const { changed, failed } = await changeSealed(part, retired, ({ place, sealed }) =>
      keyring.seal(keyring.open(sealed, place), place),
    );
    resealed += changed;
    unreadable.push(...failed);
  }
  return { resealed, unreadable };
}

function keyringOf(keys: Parameters<typeof knowKeys>[0]): Keyring {
  const known = knowKeys(keys, Buffer.alloc(32));
  return makeKeyring({ known: () => known, readAgain: () => false, prepare: () => Promise.resolve() });
}

/** Until none is left: a server may have made a workspace's first key in the meantime. */
async function wrapAllAgain({ owner, masters, store }: Rotation, begun: Begun): Promise<void> {
  const all = masters.read();
  const master = all.find((one) => one.id === begun.masterId);
  if (master === undefined) throw new StoreUnusable(`the master key ${begun.masterId} is gone`);
  for (;;) {
    const { keys } = await readWrappedKeys(store.app);
    const others = keys.filter((key) => key.masterId !== master.id);
    if (others.length === 0) return;
    for (const key of others) {
      await owner.query('update secret_keys set master_id = $1, wrapped = $2 where kid = $3 and master_id = $4', [
        master.id,
        wrapAgain(key, all, master),
        key.id,
        key.masterId,
      ]);
    }
  }
}

/**
 * Drops keys that retired before this rotation and that seal nothing. Those that retired just now stay until the next one: a
 * transaction that sealed with them may not have committed yet.
 */
async function dropUnused(rotation: Rotation, startedAt: string): Promise<string[]> {
  const { keys } = await readWrappedKeys(rotation.store.app);
  const before = keys.filter((key) => key.retiredAt !== null && key.retiredAt < new Date(startedAt));
  const dropped: string[] = [];
  const counts = await countSealed(rotation);
  for (const key of before) {
    if ((counts.get(key.id) ?? 0) > 0) continue;
    await dropKey(rotation, key.id);
    dropped.push(key.id);
  }
  return dropped;
}

/** Drops a data key; refuses while anything is still sealed with it, or would be. */
export async function dropKey(options: SealedStore, id: string): Promise<void> {
  const texts = (await countSealed(options)).get(id) ?? 0;
  if (texts > 0) throw new StoreUnusable(`the data key ${id} still seals ${texts} secrets and is not dropped`);
  const { rowCount } = await options.owner.query(`delete from secret_keys where kid = $1 and state = 'retired'`, [id]);
  if (rowCount !== 1) throw new StoreUnusable(`there is no retired data key ${id}`);
}

async function readMasterIds(store: Store): Promise<string[]> {
  const { keys } = await readWrappedKeys(store.app);
  return [...new Set(keys.map((key) => key.masterId))];
}
