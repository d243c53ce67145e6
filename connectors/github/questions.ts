// The questions of GraphQL. What they cost follows from `first`, not from what comes: lists within lists are kept short, and
// whatever is longer is asked for by itself.

import { commitFields, discussionFields, pullFields } from './graphql-fields.ts';

const rate = 'rateLimit { cost limit remaining resetAt }';
const actor = `{
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}`;
const page = 'pageInfo { hasNextPage endCursor }';

const momentTypes = ['ASSIGNED', 'UNASSIGNED', 'LABELED', 'UNLABELED', 'CLOSED', 'REOPENED'];
const pullMomentTypes = [
  ...momentTypes,
  'MERGED',
  'READY_FOR_REVIEW',
  'CONVERT_TO_DRAFT',
  'REVIEW_REQUESTED',
  'REVIEW_REQUEST_REMOVED',
  'ADDED_TO_MERGE_QUEUE',
  'REMOVED_FROM_MERGE_QUEUE',
  'AUTO_MERGE_ENABLED',
  'AUTO_MERGE_DISABLED',
  'AUTO_SQUASH_ENABLED',
  'AUTO_REBASE_ENABLED',
];

function timelineOf(types: readonly string[], first: number): string {
  const of = types.map((type) => `${type}_EVENT`).join(', ');
  return `timelineItems(first: ${first}, itemTypes: [${of}]) { ${page} nodes { __typename ${types.map(momentFields).join('\n')} } }`;
}

function momentFields(type: string): string {
  const name = type.replaceAll(/([A-Z])([A-Z]*)_?/g, (_, first: string, rest: string) => first + rest.toLowerCase());
  return `... on ${name}Event { createdAt actor ${actor} ${subjectFields(type)} }`;
}

function subjectFields(type: string): string {
  if (type.endsWith('ASSIGNED'))
    return `assignee { __typename ${accounts(['User', 'Bot', 'Mannequin', 'Organization'])} }`;
  if (type.endsWith('LABELED')) return 'label { name }';
  if (!type.startsWith('REVIEW_REQUEST')) return '';
  return `requestedReviewer { __typename ${accounts(['User', 'Bot', 'Mannequin'])} ... on Team { databaseId } }`;
}

function accounts(types: readonly string[]): string {
  return types.map((type) => `... on ${type} { login databaseId }`).join(' ');
}

/** Of a pull request within a page of them; the rest of longer lists is read apart. */
const commitsPerPull = 15;

/** A part of a question about one repository. */
function aboutRepository(name: string, variables: string, inner: string): string {
  return `query ${name}($owner: String!, $name: String!${variables}) { ${rate} repository(owner: $owner, name: $name) { ${inner} } }`;
}

const paged = ', $first: Int!, $after: String';
const newest = 'first: $first, after: $after, orderBy: { field: UPDATED_AT, direction: DESC }';

/** Pull requests with their commits, reviews and what happened to them, last touched first. */
export const pullsQuestion = aboutRepository(
  'Pulls',
  paged,
  `pullRequests(${newest}) { totalCount ${page} nodes {
    ${pullFields}
    mergedBy ${actor}
    additions deletions changedFiles totalCommentsCount
    comments(first: 1) { totalCount }
    commits(first: ${commitsPerPull}) { totalCount ${page} nodes { commit { ${commitFields} } } }
    reviews(first: 50) { ${page} nodes { databaseId state submittedAt author ${actor} commit { oid } } }
    ${timelineOf(pullMomentTypes, 100)}
  } }`,
);

/** All commits of one pull request: the REST API lists no more than 250. */
export const pullCommitsQuestion = aboutRepository(
  'PullCommits',
  `${paged}, $number: Int!`,
  `pullRequest(number: $number) { headRefOid commits(first: $first, after: $after) { ${page} nodes { commit { ${commitFields} } } } }`,
);

export const issuesQuestion = aboutRepository(
  'Issues',
  paged,
  `issues(${newest}) { totalCount ${page} nodes {
    number title url state stateReason createdAt updatedAt closedAt
    author ${actor}
    labels(first: 100) { nodes { name } }
    ${timelineOf(momentTypes, 100)}
  } }`,
);

export const discussionsQuestion = aboutRepository(
  'Discussions',
  paged,
  `discussions(${newest}) { totalCount ${page} nodes { ${discussionFields} } }`,
);

/** Commits that one commit reaches, newest first. */
export const historyQuestion = aboutRepository(
  'History',
  `${paged}, $oid: GitObjectID!, $since: GitTimestamp`,
  `object(oid: $oid) { ... on Commit { history(first: $first, after: $after, since: $since) { totalCount ${page} nodes { ${commitFields} } } } }`,
);

/** The same, by their ids and dates only. */
export const historyIdsQuestion = aboutRepository(
  'HistoryIds',
  `${paged}, $oid: GitObjectID!, $since: GitTimestamp`,
  `object(oid: $oid) { ... on Commit { history(first: $first, after: $after, since: $since) { totalCount ${page} nodes { oid author { date } committer { date } } } } }`,
);

/** These commits, by their ids. */
export function commitsQuestion(shas: readonly string[]): string {
  const each = shas.map((sha, at) => `c${at}: object(oid: "${sha}") { ... on Commit { ${commitFields} } }`);
  return aboutRepository('Commits', '', each.join('\n'));
}

/** Parts of a repository that may be switched off, or that a credential may not reach. */
export const parts = ['pulls', 'issues', 'discussions', 'releases'] as const;
export type Part = (typeof parts)[number];

const partFields: Record<Part, string> = {
  pulls:
    'pullRequests(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { number updatedAt } }',
  issues: 'issues(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { number updatedAt } }',
  discussions:
    'discussions(first: 1, orderBy: { field: UPDATED_AT, direction: DESC }) { totalCount nodes { number updatedAt } }',
  releases:
    'releases(first: 1, orderBy: { field: CREATED_AT, direction: DESC }) { totalCount nodes { databaseId updatedAt } }',
};

/** What tells whether anything changed, for one point. */
export function probeQuestion(asked: readonly Part[]): string {
  return aboutRepository(
    'Probe',
    '',
    `databaseId nameWithOwner pushedAt stargazerCount forkCount
    defaultBranchRef { name target { oid } }
    ${asked.map((part) => partFields[part]).join('\n')}`,
  );
}

/** How much there is, for the plan: commits since each of these instants. */
export function countQuestion(sinces: readonly (string | null)[]): string {
  const histories = sinces.map((since, at) => {
    const from = since === null ? '' : `, since: "${since}"`;
    return `h${at}: history(first: 1${from}) { totalCount }`;
  });
  const issues = sinces.map((since, at) => {
    const from = since === null ? '' : `, filterBy: { since: "${since}" }`;
    return `i${at}: issues(first: 1${from}) { totalCount }`;
  });
  return aboutRepository(
    'Counts',
    '',
    `nameWithOwner stargazerCount forkCount
    pullRequests(first: 1) { totalCount } discussions(first: 1) { totalCount } releases(first: 1) { totalCount }
    ${issues.join('\n')}
    defaultBranchRef { target { ... on Commit { ${histories.join('\n')} } } }`,
  );
}
