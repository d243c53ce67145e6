import { describe, expect, it } from 'vitest';
import { findEventFaults, findFaults } from '../../test/github-schemas/published.ts';
import { buildEnvelope } from './envelope.ts';
import { listExampleAnswers } from './testing/example-answers.ts';
import { exampleOf, listExampleEvents } from './testing/example-events.ts';
import { factsOf, factsOfEvent, only } from './testing/read-facts.ts';

type Json = Record<string, unknown>;

const updatedAt = '2026-02-03T04:05:06Z';
const at = new Date('2026-02-03T04:06:00Z');
const by = { host: 'github.com', repository: { id: 1296269, fullName: 'octocat/Hello-World' }, at };
const sha = 'c'.repeat(40);

/** What one pull request looks like everywhere; the rest of each shape is GitHub's own example. */
const shared = {
  number: 7,
  title: 'Grüße from the robot 🤖',
  state: 'closed',
  draft: false,
  created_at: '2026-02-01T00:00:00Z',
  updated_at: updatedAt,
  closed_at: '2026-02-03T04:05:05Z',
  merged_at: '2026-02-03T04:05:05Z',
  merge_commit_sha: sha,
  html_url: 'https://github.com/octocat/Hello-World/pull/7',
  body: 'Done.\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)',
};
const author = { login: 'renovate[bot]', id: 29139614, type: 'Bot' };
const labels = ['zeta', 'alpha'];

function shape(example: Json): Json {
  const base = example['base'] as Json;
  const head = example['head'] as Json;
  const [label] = example['labels'] as Json[];
  return {
    ...example,
    ...shared,
    user: { ...(example['user'] as Json), ...author },
    base: { ...base, ref: 'main' },
    head: { ...head, ref: 'renovate/lock', sha: 'd'.repeat(40), repo: { ...(base['repo'] as Json), id: 99 } },
    labels: labels.map((name, index) => ({ ...label, id: index + 1, name })),
  };
}

/** GitHub's example of the event has no label to take as a pattern. */
const label = {
  id: 1,
  node_id: 'x',
  url: 'https://api.github.com/repos/o/r/labels/a',
  name: 'a',
  color: 'fff',
  default: false,
  description: null,
};

const live = exampleOf(listExampleEvents(), 'pull_request', 'closed')?.body ?? {};
const event = {
  ...live,
  number: 7,
  repository: { ...(live['repository'] as Json), id: 1296269 },
  pull_request: {
    ...shape({ ...(live['pull_request'] as Json), labels: [label] }),
    merged: true,
  },
};
const answers = new Map(listExampleAnswers().map((answer) => [answer.shape, answer.data as Json]));
const listed = shape(answers.get('pull') ?? {});
const single = shape(answers.get('pull-detail') ?? {});
const node = {
  number: shared.number,
  title: shared.title,
  url: shared.html_url,
  state: 'MERGED',
  isDraft: false,
  body: shared.body,
  createdAt: shared.created_at,
  updatedAt,
  closedAt: shared.closed_at,
  mergedAt: shared.merged_at,
  author: { __typename: 'Bot', login: 'renovate', databaseId: 29139614 },
  mergeCommit: { oid: sha },
  baseRefName: 'main',
  headRefName: 'renovate/lock',
  headRefOid: 'd'.repeat(40),
  headRepository: { databaseId: 99 },
  labels: { nodes: labels.map((name) => ({ name })).toReversed() },
};

describe('one pull request', () => {
  it('is shown here as GitHub’s schemas have it', () => {
    expect(findFaults('pull-request-simple', listed)).toEqual([]);
    expect(findFaults('pull-request', single)).toEqual([]);
    expect(findEventFaults('pull_request$closed', event)).toEqual([]);
  });

  it('is the same fact from an event, a list, by itself and from GraphQL', () => {
    const told = [
      only(factsOf('hook.pull_request', event), 'pull-request'),
      only(factsOfEvent(buildEnvelope('pull', by, listed, {})), 'pull-request'),
      only(factsOfEvent(buildEnvelope('pull-detail', by, single, {})), 'pull-request'),
      only(factsOfEvent(buildEnvelope('pull-node', by, node, {})), 'pull-request'),
    ];
    const fact = {
      fact: 'pull-request',
      repository: 'github.com/1296269',
      number: 7,
      title: 'Grüße from the robot 🤖',
      url: 'https://github.com/octocat/Hello-World/pull/7',
      author: { externalId: '29139614', login: 'renovate[bot]', sourceKind: 'Bot' },
      state: 'merged',
      isDraft: false,
      createdAt: '2026-02-01T00:00:00.000Z',
      updatedAt: '2026-02-03T04:05:06.000Z',
      closedAt: '2026-02-03T04:05:05.000Z',
      mergedAt: '2026-02-03T04:05:05.000Z',
      mergeCommit: sha,
      baseBranch: 'main',
      headBranch: 'renovate/lock',
      headSha: 'd'.repeat(40),
      headRepository: 'github.com/99',
      labels: ['alpha', 'zeta'],
      marks: ['assisted:Generated with Claude Code', 'automation:branch renovate/'],
    };
    // What a look saw at its own time wins over a live event of the same second.
    const seen = ['2026-02-03T04:05:06.900Z', ...Array<string>(3).fill('2026-02-03T04:06:00.999Z')];
    expect(told).toEqual(seen.map((seenAt) => [{ ...fact, seenAt }]));
  });

  it('has one moment of its merge, live and in its timeline', () => {
    expect(only(factsOf('hook.pull_request', event), 'moment')).toMatchObject([
      { kind: 'merged', at: '2026-02-03T04:05:05.000Z', subject: '' },
    ]);
    const actor = { login: 'octocat', id: 1, type: 'User' };
    const timeline = [
      { event: 'closed', created_at: '2026-02-02T00:00:00Z', actor },
      { event: 'reopened', created_at: '2026-02-02T01:00:00Z', actor },
      { event: 'merged', created_at: '2026-02-03T04:05:05Z', actor, commit_id: sha },
      { event: 'closed', created_at: '2026-02-03T04:05:05Z', actor },
    ];
    const look = buildEnvelope('timeline', by, timeline, { number: 7, asOf: updatedAt });
    const [fact] = only(factsOfEvent(look), 'timeline');
    expect(fact?.moments.map(({ kind }) => kind)).toEqual(['closed', 'reopened', 'merged']);
  });

  it('has no commit of a merge before it is merged', () => {
    const open = { ...single, state: 'open', merged_at: null, closed_at: null };
    const [fact] = only(factsOfEvent(buildEnvelope('pull', by, open, {})), 'pull-request');
    expect(fact).toMatchObject({ state: 'open', mergeCommit: null, mergedAt: null });
  });
});
