import { sql } from 'kysely';
import { fromBuffer } from 'yauzl';
import { importLimits, type TransferView } from '@devpulse/contract/wire/data';
import { newId } from '@devpulse/db/ids';
import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import { ParsePool } from '@devpulse/pipeline/derive/parse-pool';
import { rollUp } from '@devpulse/pipeline/rollup/roll-up';
import { hashPassword } from '../../accounts/hash-password.ts';
import { openSession } from '../../accounts/open-session.ts';
import { seedKindRules } from '../../people/seed-kind-rules.ts';
import { openTestApi, type TestApi } from '../../testing/open-test-api.ts';
import { registerExportRoutes } from '../routes.ts';
import { workTransfers } from '../work-transfers.ts';

export const password = 'correct horse battery staple';

/** Somebody with an account and a personal workspace. */
export interface TestAccount {
  accountId: string;
  /** In the personal workspace. */
  personId: string;
  workspaceId: string;
}

/** The API of exports with workers that are moved by hand. */
export interface TransferBench extends TestApi {
  addAccount(name: string): Promise<TestAccount>;
  /** Lets an account into a workspace; answers as whom. */
  join(account: TestAccount, workspaceId: string, role: 'owner' | 'member'): Promise<string>;
  addTeam(settings?: { departedPeople?: 'keep' | 'anonymise' }): Promise<string>;
  session(account: TestAccount, workspaceId?: string): Promise<string>;
  /** Works on everything that waits. */
  work(): Promise<void>;
  /** Sends facts in, reads them and counts the days. */
  send(workspaceId: string, events: { key: string; facts: unknown[] }[]): Promise<void>;
  settle(workspaceId: string): Promise<void>;
}

/** Opens it over a store of its own. */
export async function openTransferBench(): Promise<TransferBench> {
  const api = await openTestApi({ areas: [registerExportRoutes] });
  const { store } = api;
  const pool = (): ParsePool =>
    new ParsePool({ registry: import.meta.resolve('@devpulse/pipeline/testing/registry'), eventTimeoutMs: 2_000 });
  const pools = { fresh: pool(), retry: pool() };
  const log = (): void => undefined;
  const signal = new AbortController().signal;
  const addAccount: TransferBench['addAccount'] = async (name) => {
    const accountId = newId();
    const email = `${accountId}@example.org`;
    await sql`select create_account(${accountId}, ${name}, ${email}, true, ${await hashPassword(password)})`.execute(
      store.app,
    );
    const workspaceId = newId();
    await store.inWorkspace(workspaceId, (trx) =>
      trx
        .insertInto('workspaces')
        .values({ id: workspaceId, kind: 'personal', name: `${name}’s work`, zone: 'UTC' })
        .execute(),
    );
    await store.inWorkspace(workspaceId, (trx) => seedKindRules(trx, workspaceId));
    const account = { accountId, workspaceId, personId: '' };
    return { ...account, personId: await join(account, workspaceId, 'owner', name) };
  };
  const join = async (account: TestAccount, workspaceId: string, role: 'owner' | 'member', name = 'Somebody') => {
    const personId = newId();
    await store.inWorkspace(workspaceId, async (trx) => {
      await trx.insertInto('people').values({ workspace_id: workspaceId, id: personId, name }).execute();
      await trx.insertInto('people_members').values({ workspace_id: workspaceId, person_id: personId, role }).execute();
      await trx
        .insertInto('account_members')
        .values({ workspace_id: workspaceId, account_id: account.accountId, person_id: personId })
        .execute();
    });
    return personId;
  };
  const settle = async (workspaceId: string): Promise<void> => {
    await drainInbox({ store, pools, log, signal }, workspaceId, 'fresh');
    await rollUp({ store, metrics: api.deps.metrics, signal }, workspaceId);
  };
  return {
    ...api,
    addAccount,
    join: (account, workspaceId, role) => join(account, workspaceId, role),
    addTeam: async ({ departedPeople = 'keep' } = {}) => {
      const id = newId();
      await store.inWorkspace(id, (trx) =>
        trx
          .insertInto('workspaces')
          .values({ id, kind: 'team', name: 'The team', zone: 'UTC', departed_people: departedPeople })
          .execute(),
      );
      await store.inWorkspace(id, (trx) => seedKindRules(trx, id));
      return id;
    },
    session: async (account, workspaceId = account.workspaceId) =>
      `devpulse_session=${await openSession({ db: store.app, accountId: account.accountId, workspaceId, agent: 'test' })}`,
    work: async () => {
      const { deps, faults } = api;
      await workTransfers({ ...deps, pools, logger: deps.log, log, ask: () => undefined, faults }, signal);
    },
    send: async (workspaceId, events) => {
      await api.deps.capture.add(
        events.map(({ key, facts }) => ({
          workspaceId,
          source: 'plain',
          key,
          kind: 'facts',
          arrival: 'push',
          body: Buffer.from(JSON.stringify(facts)),
        })),
      );
      await settle(workspaceId);
    },
    settle,
    close: async () => {
      await Promise.all([pools.fresh.close(), pools.retry.close()]);
      await api.close();
    },
  };
}

/** The headers of a browser at its own page. */
export function headersOf(cookie: string): Record<string, string> {
  return { cookie, origin: 'http://localhost', host: 'localhost' };
}

/** Has an export written and fetches it. */
export async function exportOf(
  bench: TransferBench,
  cookie: string,
  scope: 'mine' | 'workspace' = 'mine',
): Promise<Buffer> {
  const headers = headersOf(cookie);
  const asked = await bench.app.inject({ method: 'POST', url: '/api/v1/exports', headers, payload: { scope } });
  if (asked.statusCode !== 202) throw new Error(asked.body);
  await bench.work();
  const { id } = asked.json<TransferView>();
  const link = await bench.app.inject({ method: 'POST', url: `/api/v1/exports/${id}/link`, headers });
  if (link.statusCode !== 201) throw new Error(link.body);
  const file = await bench.app.inject({ method: 'GET', url: link.json<{ url: string }>().url, headers: { cookie } });
  if (file.statusCode !== 200) throw new Error(file.body);
  return file.rawPayload;
}

/** Sends a file in parts and has it looked at; answers the import. */
export async function uploadTo(bench: TransferBench, cookie: string, file: Buffer): Promise<TransferView> {
  const headers = headersOf(cookie);
  const begun = await bench.app.inject({
    method: 'POST',
    url: '/api/v1/imports',
    headers,
    payload: { bytes: file.length },
  });
  if (begun.statusCode !== 201) throw new Error(begun.body);
  const { id } = begun.json<{ id: string }>();
  for (let part = 0; part * importLimits.partBytes < file.length; part += 1) {
    const sent = await bench.app.inject({
      method: 'PUT',
      url: `/api/v1/imports/${id}/parts/${part}`,
      headers: { ...headers, 'content-type': 'application/octet-stream' },
      payload: file.subarray(part * importLimits.partBytes, (part + 1) * importLimits.partBytes),
    });
    if (sent.statusCode !== 204) throw new Error(sent.body);
  }
  return stepImport(bench, cookie, id, 'check');
}

export async function stepImport(
  bench: TransferBench,
  cookie: string,
  id: string,
  step: 'check' | 'apply',
): Promise<TransferView> {
  const headers = headersOf(cookie);
  const asked = await bench.app.inject({ method: 'POST', url: `/api/v1/imports/${id}/${step}`, headers });
  if (asked.statusCode !== 202) throw new Error(asked.body);
  await bench.work();
  const listed = await bench.app.inject({ method: 'GET', url: '/api/v1/transfers', headers: { cookie } });
  const found = listed.json<{ transfers: TransferView[] }>().transfers.find((transfer) => transfer.id === id);
  if (found === undefined) throw new Error(`no transfer ${id}`);
  return found;
}

/** The files of a ZIP as texts. */
export function unzip(bytes: Buffer): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => {
      if (error !== null && error !== undefined) return reject(error);
      const files = new Map<string, string>();
      zip.on('error', reject);
      zip.on('end', () => resolve(files));
      zip.on('entry', (entry: { fileName: string }) => {
        zip.openReadStream(entry as never, (fault, stream) => {
          if (fault !== null && fault !== undefined) return reject(fault);
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk));
          stream.on('end', () => {
            files.set(entry.fileName, Buffer.concat(chunks).toString('utf8'));
            zip.readEntry();
          });
        });
      });
      zip.readEntry();
    });
  });
}
