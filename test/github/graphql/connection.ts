import { GraphQLError } from 'graphql';

export interface PageArguments {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
}

type Keyed =
  | string
  | readonly [string, unknown]
  | { id: number }
  | { sha: string }
  | { key: string }
  | { path: string }
  | { email: string }
  | { user: { id: number } };

/** What tells an item from the others of its list, whatever place it has. */
function keyOf(item: Keyed): string | number {
  if (typeof item === 'string') return item;
  if ('id' in item) return item.id;
  if ('sha' in item) return item.sha;
  if ('key' in item) return item.key;
  if ('path' in item) return item.path;
  if ('email' in item) return item.email;
  return 'user' in item ? item.user.id : item[0];
}

/** A list as GraphQL pages it. A cursor names the item, so that a list which grows meanwhile is read on where it was left. */
export function connection<Item extends Keyed>(
  name: string,
  items: readonly Item[],
  { first, last, after, before }: PageArguments,
  nodeOf: (item: Item) => unknown,
) {
  const size = first ?? last;
  if (size == null) {
    const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
    throw new GraphQLError(message, { extensions: { type: 'MISSING_PAGINATION_BOUNDARIES' } });
  }
  if (size > 100) {
    const which = first == null ? 'last' : 'first';
    const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`${which}\` limit of 100 records.`;
    throw new GraphQLError(message, { extensions: { type: 'EXCESSIVE_PAGINATION' } });
  }
  const place = (cursor: string | null | undefined) =>
    cursor == null ? -1 : items.findIndex((item) => cursorOf(keyOf(item)) === cursor);
  const from = after == null ? 0 : startAfter(name, place(after));
  const to = before == null ? items.length : place(before);
  const within = items.slice(from, to);
  const shown = first == null ? within.slice(-size) : within.slice(0, size);
  const start = first == null ? to - shown.length : from;
  const edges = shown.map((item) => ({ cursor: cursorOf(keyOf(item)), node: nodeOf(item) }));
  return {
    totalCount: items.length,
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: start + shown.length < items.length,
      hasPreviousPage: start > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function startAfter(name: string, index: number): number {
  if (index >= 0) return index + 1;
  throw new GraphQLError(`The \`after\` cursor of \`${name}\` does not appear to be a valid cursor.`, {
    extensions: { type: 'INVALID_CURSOR_ARGUMENTS' },
  });
}

function cursorOf(key: string | number): string {
  return Buffer.from(`cursor:v2:${key}`).toString('base64');
}
