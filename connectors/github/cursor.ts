import { z } from 'zod';

/** What is read page by page, in the order in which it is read; the last two only fill in details. */
export const listKinds = [
  'commits',
  'pulls',
  'issues',
  'comments',
  'review-comments',
  'releases',
  'deployments',
  'runs',
  'discussions',
  'stars',
  'forks',
  'pull-files',
  'commit-files',
] as const;
export type ListKind = (typeof listKinds)[number];

const heads = z.record(z.string(), z.string());

/** How far the past has been read, newest first. */
const list = z.object({
  /** Where the next page begins; `null` at the beginning. */
  after: z.string().nullable(),
  /** The oldest instant that was met. */
  oldest: z.string().nullable(),
  isEnd: z.boolean(),
  done: z.int().nonnegative(),
  total: z.int().nonnegative().nullable(),
});
export type ListState = z.infer<typeof list>;

/** The whole of a history, walked from heads that stay the same however long it takes. */
const walk = z.object({
  oid: z.string().nullable(),
  heads,
  snapshot: z.int().nonnegative(),
  part: z.int().nonnegative(),
  /** How many other branches were compared with it. */
  branches: z.int().nonnegative(),
  /** What it found is told, and that nothing else is reachable. */
  isTold: z.boolean(),
});

const cursorSchema = z.object({
  version: z.literal(1),
  name: z.string().nullable(),
  lastModified: z.string().nullable(),
  /** When the first look began: how far back is meant from there. */
  began: z.string().nullable(),
  lists: z.partialRecord(z.enum(listKinds), list),
  walk: walk.nullable(),
  /** A walk was told to its end before: what it found stands until the next one is. */
  hasBaseline: z.boolean(),
  /** The heads whose commits the facts tell, and a look that may have told some of what changed since. */
  settled: z.object({ heads, snapshot: z.int() }).nullable(),
  attempt: z.object({ heads, snapshot: z.int() }).nullable(),
  /** What the last finished look saw. */
  seen: z.record(z.string(), z.string()),
  /** Lists that are being read down to where the last look was. */
  catching: z.record(z.string(), z.object({ after: z.string(), newest: z.string() })),
  refs: z.record(z.string(), z.string()).nullable(),
  /** Commits found since, and pull requests at new heads, whose files are still to be read; the newest last. */
  newCommits: z.array(z.tuple([z.string(), z.string(), z.string()])),
  newHeads: z.array(z.tuple([z.int(), z.string()])),
  /** Heads of pull requests whose files were read last. */
  readHeads: z.record(z.string(), z.string()),
  etags: z.record(z.string(), z.string()),
  day: z.string().nullable(),
  /** Parts that the credential does not reach, asked for again each day. */
  without: z.array(z.string()),
  /** How many looks in a row found nothing there. */
  missing: z.int().nonnegative(),
});
export type Cursor = z.infer<typeof cursorSchema>;

/** A cursor that we did not write means a first look; whatever it reads again is known by its keys. */
export function readCursor(saved: unknown): Cursor {
  const read = cursorSchema.safeParse(saved);
  if (read.success) return read.data;
  return {
    version: 1,
    name: null,
    lastModified: null,
    began: null,
    lists: {},
    walk: null,
    hasBaseline: false,
    settled: null,
    attempt: null,
    seen: {},
    catching: {},
    refs: null,
    newCommits: [],
    newHeads: [],
    readHeads: {},
    etags: {},
    day: null,
    without: [],
    missing: 0,
  };
}

export const freshList: ListState = { after: null, oldest: null, isEnd: false, done: 0, total: null };
