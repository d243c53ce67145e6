import { z } from 'zod';
import { actorNode } from './accounts.ts';
import { count, readShape } from './read-shape.ts';

const sums = z.object({
  mergedBy: actorNode,
  additions: count,
  deletions: count,
  changedFiles: count,
  totalCommentsCount: count,
  comments: z.object({ totalCount: count }),
  commits: z.object({ totalCount: count }),
});
export type PullSums = z.output<typeof sums>;

/** The sums beside a pull request in an answer of GraphQL, where they were asked for. */
export function readPullSums(data: unknown): PullSums | null {
  const asked = z.looseObject({ additions: z.unknown() }).safeParse(data);
  return asked.success && asked.data.additions !== undefined ? readShape(sums, data, 'data') : null;
}
