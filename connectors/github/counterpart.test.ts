import type { Fact, IdentityRef } from '@devpulse/contract/facts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busy, makeBusyWorld } from '../../test/github/busy-world.ts';
import { type GithubCounterpart, openGithub } from '../../test/github/open-github.ts';
import { payloadOf } from '../../test/github/shapes/hook-payloads.ts';
import { buildEnvelope } from './envelope.ts';
import { commitFields, discussionFields, pullFields } from './graphql-fields.ts';
import type { ExtraOf, ShapeName } from './shapes.ts';
import { foldFacts } from './testing/fold-facts.ts';
import { factsOfEvent, only, parseBody } from './testing/read-facts.ts';

type Json = Record<string, unknown>;

let github: GithubCounterpart;
let token: string;
let repository: { id: number; fullName: string };
const told: { kind: string; body: unknown }[] = [];
let live: Fact[] = [];

beforeAll(async () => {
  github = await openGithub();
  github.world.listeners.push((happening) => {
    const body = payloadOf(github.world, happening);
    if (body !== undefined) told.push({ kind: `hook.${happening.event}`, body: structuredClone(body) });
  });
  makeBusyWorld(github);
  token = github.issueToken({ account: busy.admin, scopes: ['repo', 'read:org'] }).value;
  repository = { id: github.repository(busy.repository).id, fullName: busy.repository };
  live = told.flatMap(({ kind, body }) => (parseBody(kind, body) as { facts?: Fact[] }).facts ?? []);
});
afterAll(() => github.close());

async function ask(path: string): Promise<unknown> {
  const answer = await fetch(`${github.apiUrl}/repos/${busy.repository}${path}`, {
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github.star+json' },
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

async function list(path: string): Promise<Json[]> {
  return (await ask(path)) as Json[];
}

async function query(inner: string): Promise<Json> {
  const [owner, name] = busy.repository.split('/');
  const answer = await fetch(`${github.apiUrl.replace('/v3', '')}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: `query { repository(owner: "${owner}", name: "${name}") { ${inner} } }` }),
  });
  const { data, errors } = (await answer.json()) as { data?: { repository: Json }; errors?: unknown };
  if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
  return data.repository;
}

function look<Name extends ShapeName>(shape: Name, data: unknown, extra: ExtraOf<Name>): Fact[] {
  const at = new Date(github.clock.now());
  return factsOfEvent(buildEnvelope(shape, { host: '127.0.0.1', repository, at }, data, extra));
}

const ours = (fact: Fact) => 'repository' in fact && fact.repository === `127.0.0.1/${repository.id}`;
const idOf = (account: IdentityRef) => Number(account.externalId?.split('/')[1]);
const second = (at: string | null) => (at === null ? null : at.replace('.000Z', 'Z'));

function withoutSeen(facts: readonly Fact[]): Json[] {
  return facts
    .map((fact): Json => ({ ...fact, seenAt: undefined }))
    .toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe('what a GitHub tells by its events', () => {
  it('is understood to the last', () => {
    expect(told.length).toBeGreaterThan(150);
    const strange = told.filter(({ kind, body }) => {
      const read = parseBody(kind, body);
      return 'malformed' in read || ('ignored' in read && read.ignored === 'unknown_kind');
    });
    expect(strange).toEqual([]);
  });

  it('is what is really there, in any order and told several times', () => {
    const straight = foldFacts(live);
    expect(foldFacts([...live.toReversed(), ...live])).toEqual(straight);
    const facts = [...straight.values()].filter(ours);
    const truth = github.readTruth();
    const here = <Row extends { repository: number }>(rows: Row[]): Row[] =>
      rows.filter((row) => row.repository === repository.id);
    expect(
      only(facts, 'pull-request').map((one) => [
        [one.number, idOf(one.author), one.state, one.isDraft],
        [second(one.mergedAt), one.mergeCommit, one.headSha, one.labels],
      ]),
    ).toEqual(
      here(truth.pulls).map((one) => [
        [one.number, one.author, one.state, one.isDraft],
        [one.mergedAt, one.mergeCommit, one.headSha, one.labels],
      ]),
    );
    expect(only(facts, 'review').map(({ id, reviewer }) => [id, idOf(reviewer)])).toEqual(
      here(truth.reviews).map(({ id, author }) => [String(id), author]),
    );
    expect(new Set(only(facts, 'comment').flatMap(({ id, place }) => (place === 'discussion' ? [] : [id])))).toEqual(
      new Set(here(truth.comments).map(({ id, place }) => `${place}:${id}`)),
    );
    expect(only(facts, 'issue').map(({ number, state, closedAt }) => [number, state, second(closedAt)])).toEqual(
      here(truth.issues).map(({ number, state, closedAt }) => [number, state, closedAt]),
    );
    expect(only(facts, 'deployment-status').map(({ id, state }) => [id, state])).toEqual(
      here(truth.deployments).flatMap(({ statuses }) => statuses.map(({ id, state }) => [String(id), state])),
    );
    expect(only(facts, 'star').flatMap(({ user, isStarred }) => (isStarred ? [idOf(user)] : []))).toEqual(
      here(truth.stars).map(({ user }) => user),
    );
    const [repositoryTruth] = truth.repositories.filter(({ id }) => id === repository.id);
    const standing = only(facts, 'ref').filter(({ kind, sha }) => kind === 'branch' && sha !== null);
    expect(Object.fromEntries(standing.map(({ name, sha }) => [name, sha]))).toEqual(repositoryTruth?.branches);
  });
});

describe('what a GitHub answers when it is asked', () => {
  it('tells the same of pull requests as its events, in every shape', async () => {
    const pulls = await list('/pulls?state=all&per_page=100');
    const singles = await Promise.all(pulls.map((pull) => ask(`/pulls/${String(pull['number'])}`)));
    const nodes = (await query(`pullRequests(first: 50) { nodes { ${pullFields} } }`))['pullRequests'] as {
      nodes: unknown[];
    };
    const known = withoutSeen(only([...foldFacts(live).values()].filter(ours), 'pull-request'));
    expect(known.length).toBeGreaterThan(3);
    expect(withoutSeen(pulls.flatMap((pull) => look('pull', pull, {})))).toEqual(known);
    expect(
      withoutSeen(
        only(
          singles.flatMap((pull) => look('pull-detail', pull, {})),
          'pull-request',
        ),
      ),
    ).toEqual(known);
    expect(withoutSeen(nodes.nodes.flatMap((node) => look('pull-node', node, {})))).toEqual(known);
  });

  it('tells the same moments in a timeline as live, but for pushes', async () => {
    const pulls = await list('/pulls?state=all&per_page=100');
    for (const pull of pulls) {
      const number = Number(pull['number']);
      const events = await list(`/issues/${number}/timeline?per_page=100`);
      const [timeline] = only(look('timeline', events, { number, asOf: String(pull['updated_at']) }), 'timeline');
      const heard = only(live, 'moment').filter(
        (one) => ours(one) && one.number === number && one.kind !== 'head_pushed',
      );
      const short = ({
        kind,
        at,
        subject,
        actor,
      }: (typeof heard)[number] | NonNullable<typeof timeline>['moments'][number]) =>
        [at, kind, subject, actor?.externalId ?? ''].join(' ');
      expect(timeline?.moments.map(short).toSorted()).toEqual(heard.map(short).toSorted());
    }
  });

  it('tells the same of what was said and delivered', async () => {
    const pages = await Promise.all([
      list('/issues?state=all&per_page=100').then((found) => found.flatMap((one) => look('issue', one, {}))),
      list('/issues/comments?per_page=100').then((page) => look('issue-comments', page, {})),
      list('/pulls/comments?per_page=100').then((page) => look('review-comments', page, {})),
      list('/comments?per_page=100').then((page) => look('commit-comments', page, {})),
      list('/releases').then((found) => found.flatMap((one) => look('release', one, {}))),
      list('/deployments').then((found) => found.flatMap((one) => look('deployment', one, {}))),
    ]);
    const looked = pages.flat();
    const kinds = ['issue', 'comment', 'release', 'deployment'] as const;
    const standing = [...foldFacts(live).values()].filter(ours);
    for (const kind of kinds) {
      const heard = only(standing, kind).filter((fact) => !('place' in fact) || fact.place !== 'discussion');
      expect(heard).not.toEqual([]);
      expect(withoutSeen(only(looked, kind))).toEqual(withoutSeen(heard));
    }
  });

  it('tells the same of runs, alerts and discussions', async () => {
    const { workflow_runs: runs } = (await ask('/actions/runs')) as { workflow_runs: unknown[] };
    const nodes = (await query(`discussions(first: 10) { nodes { ${discussionFields} } }`))['discussions'] as {
      nodes: unknown[];
    };
    const looked = [
      ...runs.flatMap((run) => look('workflow-run', run, {})),
      ...look('alerts', await ask('/dependabot/alerts'), {}),
      ...nodes.nodes.flatMap((node) => look('discussion', node, {})),
    ];
    const standing = [...foldFacts(live).values()].filter(ours);
    for (const kind of ['alert', 'discussion'] as const) {
      expect(withoutSeen(only(looked, kind))).toEqual(withoutSeen(only(standing, kind)));
    }
    const heard = withoutSeen(only(standing, 'workflow-run'));
    for (const run of withoutSeen(only(looked, 'workflow-run'))) expect(heard).toContainEqual(run);
    const places = only(standing, 'comment').filter(({ place }) => place === 'discussion');
    expect(withoutSeen(only(looked, 'comment'))).toEqual(withoutSeen(places));
  });

  it('tells the same commits in a list, one by one and from GraphQL', async () => {
    const page = await list('/commits?per_page=100');
    const history = `defaultBranchRef { target { ... on Commit { history(first: 100) { nodes { ${commitFields} } } } } }`;
    const answer = (await query(history)) as {
      defaultBranchRef: { target: { history: { nodes: unknown[] } } };
    };
    const listed = only(look('commits', page, {}), 'commit');
    const nodes = only(look('commit-nodes', answer.defaultBranchRef.target.history.nodes, {}), 'commit');
    const singles = await Promise.all(
      listed.map(async ({ sha }) => look('commit', await ask(`/commits/${sha}`), { isWhole: true })),
    );
    const known = (facts: Fact[]) =>
      only(facts, 'commit').map((one) => [
        [one.sha, one.author.externalId ?? one.author.email, one.subject, one.parents, one.coAuthors],
        [one.authoredAt, one.committedAt],
      ]);
    expect(listed.length).toBeGreaterThan(5);
    expect(known(nodes)).toEqual(known(listed));
    expect(known(singles.flat())).toEqual(known(listed));
    expect(new Set(listed.map((commit) => commit.fidelity))).toEqual(new Set([11]));
  });
});
