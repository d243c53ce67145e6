import { buildSchema, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import { readGraphqlSchema } from '../../test/github-schemas/published.ts';
import { buildEnvelope } from './envelope.ts';
import { commitFields, discussionFields, pullFields } from './graphql-fields.ts';
import { factsOfEvent, only } from './testing/read-facts.ts';

const by = {
  host: 'github.com',
  repository: { id: 1296269, fullName: 'octocat/Hello-World' },
  at: new Date('2026-02-03T04:06:00Z'),
};
const octocat = { __typename: 'User', login: 'octocat', databaseId: 1 };
const instant = '2026-02-03T04:05:06Z';

const pull = {
  number: 7,
  title: 'One',
  url: 'https://github.com/octocat/Hello-World/pull/7',
  state: 'OPEN',
  isDraft: true,
  body: '',
  createdAt: instant,
  updatedAt: instant,
  closedAt: null,
  mergedAt: null,
  author: null,
  mergeCommit: null,
  baseRefName: 'main',
  headRefName: 'copilot/fix-1',
  headRefOid: 'd'.repeat(40),
  headRepository: null,
  labels: { nodes: [{ name: 'bug' }, null] },
};

const commit = {
  oid: 'a'.repeat(40),
  message: 'Subject\n\nCo-authored-by: Mona <2+monalisa@users.noreply.github.com>',
  author: { name: 'Octo', email: 'octo@example.org', date: '2026-02-03T04:05:06+05:30', user: octocat },
  committer: { name: 'GitHub', email: 'noreply@github.com', date: '2026-02-03T09:00:00-03:30', user: null },
  parents: { nodes: [{ oid: 'b'.repeat(40) }] },
};

const discussion = {
  number: 9,
  title: 'How?',
  url: 'https://github.com/octocat/Hello-World/discussions/9',
  closed: true,
  createdAt: instant,
  updatedAt: instant,
  answerChosenAt: instant,
  author: octocat,
  category: { name: 'Q&A' },
  comments: {
    pageInfo: { hasNextPage: false, endCursor: null },
    nodes: [
      {
        databaseId: 11,
        createdAt: instant,
        updatedAt: instant,
        author: octocat,
        replies: {
          pageInfo: { hasNextPage: false },
          nodes: [{ databaseId: 12, createdAt: instant, updatedAt: instant, author: null }],
        },
      },
    ],
  },
};

const shapes = [
  { shape: 'pull-node', path: `pullRequest(number: 7) { ${pullFields} }`, field: 'pullRequest', answer: pull },
  {
    shape: 'discussion',
    path: `discussion(number: 9) { ${discussionFields} }`,
    field: 'discussion',
    answer: discussion,
  },
] as const;

let schema: GraphQLSchema;
beforeAll(() => {
  schema = buildSchema(readGraphqlSchema(), { assumeValid: true });
});

function ask(inner: string): string {
  return `query { repository(owner: "octocat", name: "Hello-World") { ${inner} } }`;
}

describe('what is asked of GraphQL', () => {
  it.each(shapes)('is a right question and has the right answer: $shape', async ({ path, field, answer }) => {
    const document = parse(ask(path));
    expect(validate(schema, document)).toEqual([]);
    // Answering the question from the answer gives it back only if each of its fields is as the schema says.
    const result = await execute({ schema, document, rootValue: { repository: { [field]: answer } } });
    expect(JSON.parse(JSON.stringify(result))).toEqual({ data: { repository: { [field]: answer } } });
  });

  it('asks rightly for commits', () => {
    const history = `object(oid: "x") { ... on Commit { history(first: 100) { nodes { ${commitFields} } } } }`;
    expect(validate(schema, parse(ask(history)))).toEqual([]);
  });

  it('reads a pull request of a deleted account and a deleted fork', () => {
    const [fact] = only(factsOfEvent(buildEnvelope('pull-node', by, pull, {})), 'pull-request');
    expect(fact).toMatchObject({
      author: { externalId: '10137', login: 'ghost' },
      headRepository: null,
      isDraft: true,
      labels: ['bug'],
      marks: ['agent:branch copilot/'],
    });
  });

  it('reads commits with the offsets of their dates', () => {
    expect(factsOfEvent(buildEnvelope('commit-nodes', by, [commit], {}))).toEqual([
      {
        fact: 'commit',
        sha: 'a'.repeat(40),
        author: {
          externalId: '1',
          login: 'octocat',
          sourceKind: 'User',
          email: 'octo@example.org',
          name: 'Octo',
        },
        authoredAt: '2026-02-02T22:35:06.000Z',
        authoredOffsetMinutes: 330,
        committer: { email: 'noreply@github.com', name: 'GitHub' },
        committedAt: '2026-02-03T12:30:00.000Z',
        committedOffsetMinutes: -210,
        parents: ['b'.repeat(40)],
        subject: 'Subject',
        coAuthors: [{ externalId: '2', name: 'Mona' }],
        files: null,
        fidelity: 13,
      },
    ]);
  });

  it('reads a discussion with comments and replies', () => {
    const facts = factsOfEvent(buildEnvelope('discussion', by, discussion, {}));
    expect(only(facts, 'discussion')).toMatchObject([{ number: 9, isClosed: true, category: 'Q&A' }]);
    expect(only(facts, 'comment').map(({ id, place, author }) => [id, place, author.login])).toEqual([
      ['discussion:11', 'discussion', 'octocat'],
      ['discussion:12', 'discussion', 'ghost'],
    ]);
  });
});
