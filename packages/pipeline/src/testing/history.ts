import fc from 'fast-check';
import { sql } from 'kysely';
import type { CommitFact, Fact, IdentityRef } from '@devpulse/contract/facts';
import { stableId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { classifyIdentities } from '../derive/classify-identities.ts';
import { lockFacts, markPeopleStale, markWorkspaceStale } from '../derive/mark-stale.ts';
import { identityKey } from '../derive/shape-identities.ts';

/** Zones whose days are odd: far east and west, half hours, a day that never was, a midnight that comes twice. */
const oddZones = [
  'UTC',
  'America/Los_Angeles',
  'Asia/Kathmandu',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Kiritimati',
  'America/Havana',
];

/** Several spellings of a few people, one of them a machine by name and one by what its source says. */
const refs: readonly IdentityRef[] = [
  { name: 'Ada', email: 'ada@example.org' },
  { name: 'Ada L.', email: 'ADA@example.org' },
  { name: 'Bob', email: 'bob@example.org' },
  { email: 'bob@example.org' },
  { name: 'helper[bot]', email: 'helper@example.org' },
  { externalId: '7', login: 'cai', name: 'Cai' },
  { externalId: '7', email: 'cai@work.example', name: 'Cai W.' },
  { externalId: '8', login: 'assistant', sourceKind: 'Bot' },
];

/** The natural keys of those people. */
export const people: readonly string[] = [...new Set(refs.map(identityKey))];

/** Instants around the nights on which clocks change, and some ordinary ones. */
const nights = [
  '2026-03-08T10:00:00Z',
  '2026-03-29T01:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-11-01T05:30:00Z',
  '2011-12-30T11:00:00Z',
  '2026-06-01T12:00:00Z',
];

/** The commit of a number, always the same; `isCut` as the cut edge of a shallow clone shows it. */
export function commitOf(number: number, isCut = false): CommitFact {
  const night = Date.parse(nights[number % nights.length] ?? '');
  const at = new Date(night + ((number * 7919) % 4320) * 60_000 - 36 * 3_600_000).toISOString();
  const ref = (step: number): IdentityRef => refs[(number * 3 + step) % refs.length] ?? {};
  return {
    fact: 'commit',
    sha: shaOf(number),
    author: ref(0),
    authoredAt: at,
    authoredOffsetMinutes: 60,
    committer: ref(1),
    committedAt: at,
    committedOffsetMinutes: 60,
    parents: number % 7 === 0 ? ['a', 'b'] : ['a'],
    subject: `change ${number}`,
    coAuthors: number % 3 === 0 ? [ref(2), ref(4)] : [],
    files: isCut
      ? null
      : [
          {
            path: 'src/a.ts',
            previousPath: null,
            additions: number % 17,
            deletions: number % 5,
            isBinary: false,
            isSubmodule: false,
          },
          {
            path: `src/${number % 4}.py`,
            previousPath: null,
            additions: 3,
            deletions: 1,
            isBinary: false,
            isSubmodule: false,
          },
          {
            path: 'package-lock.json',
            previousPath: null,
            additions: 100,
            deletions: 0,
            isBinary: false,
            isSubmodule: false,
          },
        ],
    fidelity: isCut ? 20 : 30,
  };
}

function shaOf(number: number): string {
  return number.toString(16).padStart(40, '0');
}

/** The description of a repository. */
export function repositoryOf(key: string, name = key, minute = 0): Fact {
  return {
    fact: 'repository',
    key,
    name,
    url: `https://github.com/test/${key}.git`,
    defaultBranch: 'main',
    state: 'active',
    observedAt: `2026-03-01T00:0${minute}:00.000Z`,
  };
}

/** What one look found reachable, or no longer reachable. */
export function reachOf(repository: string, numbers: readonly number[], snapshot = 1, reachable = true): Fact {
  return { fact: 'reach', repository, snapshot, reachable, shas: numbers.map(shaOf) };
}

/** Something people decide about a workspace. */
export type Decision =
  | { decide: 'link'; who: string; to: string }
  | { decide: 'unlink'; who: string }
  | { decide: 'zone'; who: string; zone: string }
  | { decide: 'rule'; pattern: string; kind: 'person' | 'automation' | 'agent'; isOn: boolean }
  | { decide: 'override'; who: string; kind: 'person' | 'automation' | 'agent' | null };

/** What happened in a workspace: raw events by their order, and decisions by theirs. */
export interface History {
  zone: string;
  events: Fact[][];
  decisions: Decision[];
}

const number = fc.nat(40);
const repository = fc.constantFrom('a', 'b');
const kind = fc.constantFrom('person' as const, 'automation' as const, 'agent' as const);
const who = fc.constantFrom(...people);

const laterEvent: fc.Arbitrary<Fact[]> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(number, fc.boolean()).map(([n, isCut]) => [commitOf(n, isCut)]) },
  {
    weight: 5,
    // One look finds a commit either reachable or not: the two kinds of looks have snapshots of their own.
    arbitrary: fc
      .tuple(fc.uniqueArray(number, { maxLength: 12 }), fc.integer({ min: 1, max: 6 }), fc.boolean(), repository)
      .map(([numbers, snapshot, reachable, repo]) => [
        reachOf(repo, numbers, snapshot * 2 + Number(reachable), reachable),
      ]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 8 }), repository)
      .map(([snapshot, repo]): Fact[] => [{ fact: 'reach-baseline', repository: repo, snapshot }]),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.nat(3), fc.constantFrom('one', 'two'), repository)
      .map(([minute, name, repo]) => [repositoryOf(repo, name, minute)]),
  },
);

/** A look that found something worth counting; most histories begin with a few, or their days would be empty. */
const firstLook: fc.Arbitrary<Fact[][]> = fc
  .tuple(fc.uniqueArray(number, { minLength: 4, maxLength: 12 }), fc.constantFrom(['a'], ['b'], ['a', 'b'], ['a', 'b']))
  .map(([numbers, repos]) => [
    ...repos.map((repo) => [repositoryOf(repo)]),
    ...repos.map((repo) => [reachOf(repo, numbers, 9)]),
    numbers.map((one) => commitOf(one)),
  ]);

const decision: fc.Arbitrary<Decision> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ decide: fc.constant('link' as const), who, to: fc.constantFrom('owner', ...people) }),
  },
  { weight: 1, arbitrary: fc.record({ decide: fc.constant('unlink' as const), who }) },
  {
    weight: 3,
    arbitrary: fc.record({
      decide: fc.constant('zone' as const),
      who: fc.constantFrom('workspace', 'owner', ...people),
      zone: fc.constantFrom(...oddZones),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      decide: fc.constant('rule' as const),
      pattern: fc.constantFrom('*[bot]', 'ada*', 'b*b', '*'),
      kind,
      isOn: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ decide: fc.constant('override' as const), who, kind: fc.option(kind) }),
  },
);

/** Any history, most of them with days to count. */
export const historyArbitrary: fc.Arbitrary<History> = fc.record({
  zone: fc.constantFrom(...oddZones),
  events: fc
    .tuple(fc.option(firstLook, { freq: 9, nil: [] }), fc.array(laterEvent, { minLength: 1, maxLength: 14 }))
    .map(([first, later]) => [...first, ...later]),
  decisions: fc.array(decision, { maxLength: 6 }),
});

/** The id of a person of these histories in a workspace. */
export function personId(workspace: { workspaceId: string; ownerId: string }, name: string): string {
  return name === 'owner' ? workspace.ownerId : stableId('identity', workspace.workspaceId, 'plain', name);
}

/** Carries a decision out by the protocol that `mark-stale.ts` asks of everybody. */
export async function decide(
  store: Store,
  workspace: { workspaceId: string; ownerId: string },
  made: Decision,
): Promise<void> {
  const { workspaceId } = workspace;
  const id = (name: string): string => personId(workspace, name);
  await store.inWorkspace(workspaceId, async (trx) => {
    await lockFacts(trx);
    switch (made.decide) {
      case 'link':
        return place(trx, workspaceId, { identityId: id(made.who), to: id(made.to) });
      case 'unlink':
        return place(trx, workspaceId, { identityId: id(made.who), to: id(made.who) });
      case 'zone':
        return made.who === 'workspace'
          ? moveWorkspace(trx, made.zone)
          : movePerson(trx, workspaceId, { id: id(made.who), zone: made.zone });
      case 'rule':
        await sql`
          insert into people_kind_rules (workspace_id, id, field, pattern, kind, reason, enabled)
          values (${workspaceId}, ${stableId('rule', made.pattern)}, 'name', ${made.pattern}, ${made.kind}, 'a test', ${made.isOn})
          on conflict (workspace_id, field, pattern) do update set kind = excluded.kind, enabled = excluded.enabled`.execute(
          trx,
        );
        await classifyIdentities(trx, 'all');
        return;
      case 'override':
        await sql`delete from people_kind_overrides where identity_id = ${id(made.who)}`.execute(trx);
        if (made.kind !== null) {
          await sql`insert into people_kind_overrides (workspace_id, identity_id, kind, reason)
                    values (${workspaceId}, ${id(made.who)}, ${made.kind}, 'a test')`.execute(trx);
        }
        await classifyIdentities(trx, [id(made.who)]);
    }
  });
}

async function place(
  trx: WorkspaceTransaction,
  workspaceId: string,
  move: { identityId: string; to: string },
): Promise<void> {
  const link = await trx
    .selectFrom('people_links')
    .select('person_id')
    .where('identity_id', '=', move.identityId)
    .executeTakeFirst();
  const concerned = [link?.person_id ?? move.identityId, move.to];
  await markPeopleStale(trx, concerned);
  await trx.deleteFrom('people_links').where('identity_id', '=', move.identityId).execute();
  if (move.to !== move.identityId) {
    await trx
      .insertInto('people_links')
      .values({ workspace_id: workspaceId, identity_id: move.identityId, person_id: move.to, reason: 'a test' })
      .execute();
  }
  await markPeopleStale(trx, concerned);
}

async function movePerson(
  trx: WorkspaceTransaction,
  workspaceId: string,
  move: { id: string; zone: string },
): Promise<void> {
  await markPeopleStale(trx, [move.id]);
  await sql`
    insert into people (workspace_id, id, name, zone) values (${workspaceId}, ${move.id}, 'Somebody', ${move.zone})
    on conflict (workspace_id, id) do update set zone = excluded.zone`.execute(trx);
  await markPeopleStale(trx, [move.id]);
}

async function moveWorkspace(trx: WorkspaceTransaction, zone: string): Promise<void> {
  await markWorkspaceStale(trx);
  await sql`update workspaces set zone = ${zone}`.execute(trx);
  await markWorkspaceStale(trx);
}
