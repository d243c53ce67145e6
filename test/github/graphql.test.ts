import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureGithubSchemas } from '../github-schemas/ensure-github-schemas.ts';
import { busy, makeBusyWorld } from './busy-world.ts';
import { openGithub, type GithubCounterpart } from './open-github.ts';

let github: GithubCounterpart;
let token: string;

beforeAll(async () => {
  await ensureGithubSchemas();
  github = await openGithub();
  makeBusyWorld(github);
  token = github.issueToken({ account: busy.admin, scopes: ['repo'] }).value;
});
afterAll(() => github.close());
beforeEach(() => github.limits.clear());

interface Answer {
  data?: { repository: { pullRequests: Page } } | null;
  errors?: { type?: string; path?: unknown[]; message: string }[];
}

async function ask(query: string, variables: object = {}): Promise<Answer & { status: number }> {
  const answer = await fetch(`${github.url}/api/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify({ query, variables }),
  });
  return { status: answer.status, ...((await answer.json()) as Answer) };
}

const inQuay = (fields: string) =>
  `query ${fields.includes('$after') ? '($after: String)' : ''} { repository(owner: "harbor", name: "quay") { ${fields} } }`;
const actor = '{ __typename login ... on User { databaseId } ... on Bot { databaseId } }';

describe('GraphQL', () => {
  it('answers with what GitHub’s own schema says, about everything in a repository', async () => {
    const { data, errors } = await ask(
      inQuay(`
        databaseId nameWithOwner isFork visibility owner { __typename login }
        defaultBranchRef { name target { ... on Commit { oid history(first: 5) { totalCount nodes {
          oid message committedDate author { name email date user { login } } parents(first: 3) { nodes { oid } }
        } } } } }
        refs(first: 10, refPrefix: "refs/heads/") { nodes { name target { oid } } }
        pullRequests(first: 10, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes {
          number state isDraft createdAt mergedAt author ${actor} mergedBy ${actor} mergeCommit { oid } additions changedFiles
          baseRefName headRefName headRefOid headRepository { databaseId } labels(first: 5) { nodes { name } }
          commits(first: 10) { nodes { commit { oid } } }
          reviews(first: 10) { nodes { databaseId state submittedAt author ${actor} comments(first: 5) { totalCount } } }
          reviewRequests(first: 10) { nodes { requestedReviewer { ... on User { login } ... on Team { slug } } } }
          timelineItems(first: 50, itemTypes: [READY_FOR_REVIEW_EVENT, MERGED_EVENT, HEAD_REF_FORCE_PUSHED_EVENT, ADDED_TO_MERGE_QUEUE_EVENT]) {
            nodes { __typename
              ... on ReadyForReviewEvent { createdAt actor ${actor} }
              ... on MergedEvent { createdAt commit { oid } }
              ... on HeadRefForcePushedEvent { beforeCommit { oid } afterCommit { oid } }
              ... on AddedToMergeQueueEvent { createdAt } } }
        } }
        discussions(first: 5) { nodes { number title answerChosenAt category { name } comments(first: 5) { nodes { databaseId replies(first: 5) { totalCount } } } } }
        issues(first: 5) { nodes { number stateReason comments(first: 5) { totalCount } } }
        releases(first: 5) { nodes { tagName } }
        stargazers(first: 5) { edges { starredAt node { login } } }
        languages(first: 5) { totalSize edges { size node { name } } }
      `),
    );
    expect(errors).toBeUndefined();
    const truth = github
      .readTruth()
      .pulls.filter(({ repository }) => repository === github.repository(busy.repository).id);
    const pullRequests = data?.repository.pullRequests;
    const told = (pullRequests?.nodes ?? []).map(
      ({ number, commits }) => [number, commits.nodes.map(({ commit }) => commit.oid)] as const,
    );
    expect(new Map(told)).toEqual(new Map(truth.map(({ number, commits }) => [number, commits])));
  });

  it('is read on by cursors', async () => {
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const { data } = await ask(
        inQuay('pullRequests(first: 2, after: $after) { pageInfo { hasNextPage endCursor } nodes { number } }'),
        { after },
      );
      const page: Page | undefined = data?.repository.pullRequests;
      seen.push(...(page?.nodes ?? []).map(({ number }) => number));
      after = page?.pageInfo.hasNextPage === true ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(github.readTruth().pulls.map(({ number }) => number));
  });

  it.each([
    ['nobody', '{ repository(owner: "harbor", name: "none") { id } }', 'NOT_FOUND'],
    ['too many', inQuay('issues(first: 101) { totalCount }'), 'EXCESSIVE_PAGINATION'],
    ['no number', inQuay('issues { totalCount }'), 'MISSING_PAGINATION_BOUNDARIES'],
  ])('says with 200 what is wrong: %s', async (_what, query, type) => {
    const { status, errors } = await ask(query);
    expect([status, errors?.[0]?.type]).toEqual([200, type]);
  });

  it('refuses what is not in the schema', async () => {
    expect((await ask('{ repository(owner: "harbor", name: "quay") { nonsense } }')).errors?.[0]?.message).toContain(
      'nonsense',
    );
  });

  it('says with 200 that everything is spent, and may give half of an answer', async () => {
    github.limits.set(busy.admin, { resource: 'graphql', remaining: 0, resetIn: 60 });
    expect(await ask('{ viewer { login } }')).toMatchObject({ status: 200, errors: [{ type: 'RATE_LIMITED' }] });
    github.limits.clear();
    github.graphqlFaults.push('partial');
    const { data, errors } = await ask(inQuay('pullRequests(first: 2) { nodes { number } }'));
    const nodes = data?.repository.pullRequests.nodes;
    expect([nodes?.at(-1), errors?.length]).toEqual([null, 1]);
  });
});

interface Page {
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
  nodes: { number: number; commits: { nodes: { commit: { oid: string } }[] } }[];
}
