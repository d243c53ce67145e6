import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Connection } from '../../connection.ts';
import { type EmbeddedStore, openEmbedded } from '../open-embedded.ts';
import { findWorkersIn, isAlive, signalProcess } from '../process-facts.ts';
import { readPostmasterPid } from '../stale-pid.ts';
import { type ChildOptions, type StoreChild, startStoreChild } from './store-child.ts';

/** True when the tests run as root; PostgreSQL then runs as another user. */
export const isRoot = process.getuid?.() === 0;

/** A folder everybody may pass through, gone after the test together with every PostgreSQL at work in it. */
export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dp-')));
  chmodSync(folder, 0o755);
  onTestFinished(async () => {
    await endServerOf(path.join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/**
 * Makes one stopped store in `<folder>/data` for all tests of a file, with the row 7 in the table `kept`, and returns how
 * a test gets at its folder. Making and removing the thousand files of a cluster costs more than most tests.
 */
export function useStore(): () => string {
  let folder = '';
  const dataDir = (): string => path.join(folder, 'data');
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'dp-')));
    chmodSync(folder, 0o755);
    const store = await openEmbedded({ dataDir: dataDir(), kind: 'server', log: () => undefined });
    await ask(store.connection, 'create table kept as select 7 as n');
    await store.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return () => {
    onTestFinished(() => endServerOf(dataDir()));
    return folder;
  };
}

/** Opens the store in `<folder>/data` in this process and stops it after the test. */
export async function openStoreIn(
  folder: string,
  options: Partial<Parameters<typeof openEmbedded>[0]> = {},
): Promise<EmbeddedStore> {
  const store = await openEmbedded({
    dataDir: path.join(folder, 'data'),
    kind: 'server',
    log: () => undefined,
    ...options,
  });
  onTestFinished(() => store.stop());
  return store;
}

/** Starts a process that opens `<folder>/data`; killed after the test. */
export function openInChild(
  folder: string,
  order: Record<string, unknown> = {},
  options: ChildOptions = {},
): StoreChild {
  const child = startStoreChild({ dataDir: path.join(folder, 'data'), kind: 'server', ...order }, options);
  onTestFinished(() => child.kill());
  return child;
}

/** One statement on a connection of its own. */
export async function ask<Row extends object>(connection: Connection, statement: string): Promise<Row[]> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The pid of the PostgreSQL that serves `<folder>/data`. */
export function readServerPid(folder: string): number {
  const found = readPostmasterPid(path.join(folder, 'data', 'pg'));
  if (!found) throw new Error('no PostgreSQL runs there');
  return found.pid;
}

/** Waits until a condition holds; the test's own time-out is the limit. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(10);
}

async function endServerOf(dataDir: string): Promise<void> {
  const cluster = path.join(dataDir, 'pg');
  if (!existsSync(cluster)) return;
  for (const pid of findWorkersIn(cluster)) signalProcess(pid, 'SIGKILL');
  await until(() => findWorkersIn(cluster).every((pid) => !isAlive(pid)));
}
