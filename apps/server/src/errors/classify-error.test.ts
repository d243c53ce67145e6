import { describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '@devpulse/contract/errors';
import { parseDatabaseUrl } from '@devpulse/db/connection';
import { openStore } from '@devpulse/db/open-store';
import { createTestStore } from '@devpulse/db/testing/test-store';
import { sql } from 'kysely';
import { classifyError } from './classify-error.ts';

async function thrownBy(work: () => Promise<unknown>): Promise<unknown> {
  try {
    await work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function openNowhere(url: string) {
  const login = parseDatabaseUrl(url);
  return openStore({ owner: login, app: login, capture: login, auth: login, backup: login }, { log: () => undefined });
}

describe('classifyError', () => {
  it('leaves errors of the catalogue as they are, and calls everything unknown a fault of ours', () => {
    const known = new AppError('conflict', 'x');
    expect(classifyError(known)).toBe(known);
    for (const thrown of [new Error('secret detail'), new TypeError('x is not a function'), 'text', null, undefined]) {
      const error = classifyError(thrown);
      expect(error.code).toBe('internal');
      expect(error.message).not.toContain('secret');
    }
  });

  it('knows a store that cannot be reached, by port or by socket', async () => {
    for (const url of ['postgres://a:b@127.0.0.1:1/x', 'postgres://a:b@localhost/x?host=/nowhere/at/all']) {
      const store = openNowhere(url);
      const thrown = await thrownBy(() => sql`select 1`.execute(store.app));
      await store.close();
      expect(classifyError(thrown).code).toBe('store_unavailable');
    }
  });

  it('knows a store whose connections were cut, or whose pool is closed', async () => {
    const test = await createTestStore();
    const cut = await thrownBy(() => sql`select pg_terminate_backend(pg_backend_pid())`.execute(test.store.app));
    expect(classifyError(cut).code).toBe('store_unavailable');
    const inTransaction = await thrownBy(() =>
      test.store.inWorkspace(test.workspaceId, async (trx) => {
        await sql`select pg_terminate_backend(pg_backend_pid())`.execute(trx).catch(() => undefined);
        await sql`select 1`.execute(trx);
      }),
    );
    expect(classifyError(inTransaction).code).toBe('store_unavailable');
    await test.close();
    expect(classifyError(await thrownBy(() => sql`select 1`.execute(test.store.app))).code).toBe('store_unavailable');
    expect(classifyError(await thrownBy(() => test.store.capture.query('select 1'))).code).toBe('store_unavailable');
  });

  it('knows a store that has become read-only', async () => {
    const test = await createTestStore();
    const thrown = await thrownBy(() =>
      test.store.inWorkspace(test.workspaceId, async (trx) => {
        await sql`set transaction read only`.execute(trx);
        await sql`update workspaces set name = 'x'`.execute(trx);
      }),
    );
    await test.close();
    expect(classifyError(thrown).code).toBe('store_unavailable');
  });

  const states: [string, ErrorCode][] = [
    ['57P03', 'store_unavailable'],
    ['53300', 'store_unavailable'],
    ['08006', 'store_unavailable'],
    ['53100', 'store_full'],
    ['ENOSPC', 'store_full'],
    ['40001', 'busy'],
    ['40P01', 'busy'],
    ['23505', 'internal'],
    ['42501', 'internal'],
    ['22021', 'internal'],
  ];
  it.each(states)('reads %s as %s', (code, expected) => {
    expect(classifyError(Object.assign(new Error('x'), { code })).code).toBe(expected);
  });
});
