// What is asked of GraphQL, beside the readers of its answers (`read-pulls.ts`, `read-commits.ts`, `read-threads.ts`).

const actor = `{
  __typename
  login
  ... on User { databaseId }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}`;

/** Of a `PullRequest`: everything that the REST API tells in a list. */
export const pullFields = `
  number title url state isDraft body createdAt updatedAt closedAt mergedAt
  author ${actor}
  mergeCommit { oid }
  baseRefName headRefName headRefOid
  headRepository { databaseId }
  labels(first: 100) { nodes { name } }
`;

const signer = '{ name email date user { __typename login databaseId } }';

/** Of a `Commit`: the offsets of its dates are told nowhere else. */
export const commitFields = `
  oid message
  author ${signer}
  committer ${signer}
  parents(first: 100) { nodes { oid } }
`;

const comment = `databaseId createdAt updatedAt author ${actor}`;

/** Of a `Discussion`: the REST API has none. */
export const discussionFields = `
  number title url closed createdAt updatedAt answerChosenAt
  author ${actor}
  category { name }
  comments(first: 50) {
    pageInfo { hasNextPage endCursor }
    nodes { ${comment} replies(first: 50) { pageInfo { hasNextPage } nodes { ${comment} } } }
  }
`;
