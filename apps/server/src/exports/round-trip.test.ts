import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdentityRef } from '@devpulse/contract/facts';
import { stableId } from '@devpulse/db/ids';
import { identityKey } from '@devpulse/pipeline/derive/shape-identities';
import { commitOf } from '@devpulse/pipeline/testing/history';
import { linkIdentities } from '../people/link-identities.ts';
import { overrideKind } from '../people/override-kind.ts';
import { renamePerson } from '../people/rename-person.ts';
import { updateMe } from '../people/update-me.ts';
import { updateWorkspace } from '../people/update-workspace.ts';
import {
  exportOf,
  openTransferBench,
  stepImport,
  type TestAccount,
  type TransferBench,
  unzip,
  uploadTo,
} from './testing/transfer-bench.ts';

let here: TransferBench;
let there: TransferBench;
let ada: TestAccount;
let file: Buffer;
let files: Map<string, string>;

beforeAll(async () => {
  here = await openTransferBench();
  there = await openTransferBench();
  ada = await here.addAccount('Ada');
  await makeHistory(here, ada);
  file = await exportOf(here, await here.session(ada));
  files = await unzip(file);
}, 60_000);
afterAll(async () => {
  await here.close();
  await there.close();
});

const identityOf = (account: TestAccount, ref: IdentityRef): string =>
  stableId('identity', account.workspaceId, 'plain', identityKey(ref));

async function makeHistory(bench: TransferBench, { workspaceId, personId }: TestAccount): Promise<void> {
  const { store } = bench;
  const commits = Array.from({ length: 24 }, (_, number) => commitOf(number));
  await bench.send(workspaceId, [
    ...commits.map((commit) => ({ key: `commit ${commit.sha}`, facts: [commit] })),
    {
      key: 'the look',
      facts: [
        {
          fact: 'repository',
          key: 'r',
          name: '=SUM(1,2)',
          url: null,
          defaultBranch: 'main',
          state: 'active',
          observedAt: '2026-01-01T00:00:00Z',
        },
        { fact: 'reach', repository: 'r', snapshot: 1, reachable: true, shas: commits.map(({ sha }) => sha) },
      ],
    },
  ]);
  const asker = { store, workspaceId, personId, scopes: [], now: new Date() };
  await updateMe(asker, { name: 'Ada Lovelace', zone: 'Asia/Kathmandu', restWeekdays: [6, 7] });
  await updateWorkspace(
    { store, workspaceId },
    { name: 'Engines', zone: 'America/Havana', weekStart: 7, rawRetentionDays: 400 },
  );
  const account = { workspaceId, personId, accountId: '' };
  const [self, other] = ['ada@example.org', 'bob@example.org'].map((email) => identityOf(account, { email }));
  await linkIdentities({ store, workspaceId, identityIds: [self ?? ''], personId, reason: 'that is me', by: personId });
  await renamePerson({ store, workspaceId, personId: other ?? '', name: 'Robert' });
  await linkIdentities({
    store,
    workspaceId,
    identityIds: [identityOf(account, { externalId: '7' })],
    personId: other ?? '',
    reason: 'the same',
    by: personId,
  });
  await overrideKind({
    store,
    workspaceId,
    identityId: identityOf(account, { externalId: '8' }),
    kind: 'person',
    reason: 'a human',
    by: personId,
  });
  await store.inWorkspace(workspaceId, async (trx) => {
    await sql`insert into people_holidays (workspace_id, person_id, day, name) values (${workspaceId}, ${personId}, '2026-04-01', 'A day off')`.execute(
      trx,
    );
    await sql`insert into people_freezes (workspace_id, person_id, day) values (${workspaceId}, ${personId}, '2026-04-02')`.execute(
      trx,
    );
    await sql`insert into calendar_holidays (workspace_id, day, name) values (${workspaceId}, '2026-05-01', 'Labour day')`.execute(
      trx,
    );
  });
  await bench.settle(workspaceId);
}

const read = (from: ReadonlyMap<string, string>, name: string): Record<string, unknown>[] =>
  JSON.parse(from.get(`workspaces/1/${name}.json`) ?? 'null') as Record<string, unknown>[];

/** What an instance makes of itself: clocks, and ids, which are replaced by what they stand for. */
const ofTheInstance = ['workspace_id', 'created_at', 'decided_at', 'since', 'received_at'];

function content(from: ReadonlyMap<string, string>): Record<string, string[]> {
  const names = new Map<string, string>();
  for (const row of read(from, 'workspaces')) names.set(String(row['id']), 'the workspace');
  for (const [name, kind] of [
    ['fact_identities', 'author'],
    ['fact_repositories', 'repository'],
  ] as const)
    for (const row of read(from, name)) names.set(String(row['id']), `${kind} ${String(row['external_key'])}`);
  for (const row of read(from, 'people'))
    if (!names.has(String(row['id']))) names.set(String(row['id']), `person ${String(row['name'])}`);
  const tables = [
    'fact_identities',
    'fact_repositories',
    'fact_commits',
    'fact_commit_credits',
    'fact_commit_files',
    'fact_commit_reach',
    'rollup_days',
    'people',
    'people_links',
    'people_kind_overrides',
    'people_holidays',
    'people_freezes',
    'calendar_holidays',
  ];
  return Object.fromEntries(
    tables.map((table) => [
      table,
      read(from, table)
        .map((row) => Object.fromEntries(Object.entries(row).filter(([column]) => !ofTheInstance.includes(column))))
        .map((row) => JSON.stringify(row).replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => names.get(id) ?? id))
        .toSorted(),
    ]),
  );
}

describe('an export', () => {
  it('holds one’s commits, for programs and for spreadsheets, with a manifest that fits', () => {
    expect(read(files, 'fact_commits')).toHaveLength(24);
    const csv = files.get('workspaces/1/fact_commits.csv') ?? '';
    expect(csv.split('\r\n')).toHaveLength(24 + 2);
    const manifest = JSON.parse(files.get('manifest.json') ?? '') as { files: { path: string }[]; format: string };
    expect(manifest.format).toBe('devpulse-export');
    expect(new Set(manifest.files.map((entry) => entry.path))).toEqual(
      new Set([...files.keys()].filter((name) => name !== 'manifest.json' && name !== 'README.txt')),
    );
  });

  it('holds no formula that a spreadsheet would run', () => {
    expect(files.get('workspaces/1/fact_repositories.csv')).toContain(`"'=SUM(1,2)"`);
    expect(read(files, 'fact_repositories')[0]).toMatchObject({ name: '=SUM(1,2)' });
  });

  it('taken in by an empty instance and exported there again is the same', { timeout: 60_000 }, async () => {
    const eve = await there.addAccount('Eve');
    const cookie = await there.session(eve);
    const checked = await uploadTo(there, cookie, file);
    expect(checked).toMatchObject({
      state: 'checked',
      error: null,
      summary: { events: 25, newEvents: 25, eventsWithoutBody: 0, links: 2 },
    });
    // Looking changed nothing.
    const untouched = await there.store.inWorkspace(eve.workspaceId, (trx) =>
      sql`select 1 from raw_events`.execute(trx),
    );
    expect(untouched.rows).toEqual([]);
    const done = await stepImport(there, cookie, checked.id, 'apply');
    expect(done).toMatchObject({ state: 'done', error: null, summary: { newEvents: 25 } });
    await there.settle(eve.workspaceId);
    const again = await unzip(await exportOf(there, cookie));
    expect(JSON.parse(again.get('workspaces/1/settings.json') ?? '1')).toEqual(
      JSON.parse(files.get('workspaces/1/settings.json') ?? '2'),
    );
    expect(again.get('workspaces/1/events.ndjson')).toBe(files.get('workspaces/1/events.ndjson'));
    const [before, after] = [content(files), content(again)];
    expect(before['rollup_days']?.length).toBeGreaterThan(20);
    expect(before['people_links']?.length).toBe(2);
    expect(after).toEqual(before);
  });

  it('taken in where it came from changes nothing', { timeout: 60_000 }, async () => {
    const cookie = await here.session(ada);
    const checked = await uploadTo(here, cookie, file);
    expect(checked.summary).toMatchObject({ events: 25, newEvents: 0 });
    const done = await stepImport(here, cookie, checked.id, 'apply');
    expect(done).toMatchObject({ state: 'done', summary: { newEvents: 0 } });
    await here.settle(ada.workspaceId);
    await here.store.inWorkspace(ada.workspaceId, (trx) =>
      sql`update transfers set created_at = created_at - interval '2 hours' where kind = 'export'`.execute(trx),
    );
    const again = await unzip(await exportOf(here, cookie));
    expect(content(again)).toEqual(content(files));
  });

  it('loses nothing where retention had removed the bodies of events', { timeout: 60_000 }, async () => {
    const [fay, gus] = [await here.addAccount('Fay'), await there.addAccount('Gus')];
    await makeHistory(here, fay);
    // Half of them, the look among them.
    await here.store.inWorkspace(fay.workspaceId, (trx) =>
      sql`update raw_events set body = null where item_key < 'commit 8' or item_key = 'the look'`.execute(trx),
    );
    const exported = await exportOf(here, await here.session(fay));
    const cookie = await there.session(gus);
    const checked = await uploadTo(there, cookie, exported);
    expect(checked.summary?.eventsWithoutBody).toBeGreaterThan(5);
    const done = await stepImport(there, cookie, checked.id, 'apply');
    expect(done).toMatchObject({ state: 'done', error: null });
    await there.settle(gus.workspaceId);
    const again = content(await unzip(await exportOf(there, cookie)));
    const before = content(await unzip(exported));
    // Of two readings that are equally faithful this decides, and the name an author signed with then is part of it.
    const bare = (rows: string[] | undefined): string[] | undefined =>
      rows?.map((row) => row.replace(/"content_hash":"[^"]*"/, ''));
    for (const table of Object.keys(before)) expect(bare(again[table]), table).toEqual(bare(before[table]));
  });
});
