import { z } from 'zod';
import { compare, headsOf, reachEvent } from './follow-commits.ts';
import { ask, keep, type Look, pageInfo, saveCursor, toEvent } from './look.ts';
import type { Met } from './meet-repository.ts';
import { keepCommitFiles, noteNewCommits } from './read-new-files.ts';
import type { Page } from './read-page.ts';
import { commitsQuestion, historyIdsQuestion, historyQuestion } from './questions.ts';

const commitNode = z.looseObject({ oid: z.string(), committer: z.looseObject({ date: z.string() }).nullable() });
const history = z.object({
  object: z
    .object({
      history: z.object({ totalCount: z.int(), pageInfo, nodes: z.array(commitNode.nullable()).nullable() }),
    })
    .nullable(),
});

const pageSize = 100;

/** The next page of commits, newest first, from heads that were fixed when the walk began. */
export async function readCommitPage(look: Look, met: Met, after: string | null): Promise<Page> {
  const walk = startWalk(look, met);
  if (walk.oid === null) return { after: null, oldest: null, isEnd: true, count: 0, total: 0 };
  const found = await askHistory(look, historyQuestion, { oid: walk.oid, after, first: pageSize });
  if (found === null) {
    // A head that was pushed over may be swept away: the walk begins again from those that stand now.
    look.cursor.walk = null;
    return { after: null, oldest: null, isEnd: false, count: 0, total: null };
  }
  const nodes = (found.nodes ?? []).filter((node) => node !== null);
  const shas = nodes.map((node) => node.oid);
  // A first walk is followed by one for the files.
  if (look.cursor.hasBaseline && !walk.isTold) noteNewCommits(look, nodes);
  if (nodes.length > 0)
    await keep(look, [
      toEvent(look, 'commit-nodes', nodes, {}),
      reachEvent(look, { snapshot: walk.snapshot, reachable: true, part: walk.part }, shas),
    ]);
  walk.part += 1;
  return {
    after: found.pageInfo.endCursor,
    // The last one only: a rebase gives single commits dates of any kind.
    oldest: toInstant(nodes.at(-1)?.committer?.date),
    isEnd: !found.pageInfo.hasNextPage,
    count: nodes.length,
    total: found.totalCount,
  };
}

function startWalk(look: Look, met: Met): NonNullable<Look['cursor']['walk']> {
  const { cursor } = look;
  const heads = headsOf(look, met);
  cursor.walk ??= {
    oid: met.defaultBranch?.sha ?? null,
    heads,
    snapshot: Math.max(look.context.now().getTime(), (cursor.settled?.snapshot ?? 0) + 1),
    part: 0,
    branches: 0,
    isTold: false,
  };
  return cursor.walk;
}

async function askHistory(
  look: Look,
  question: string,
  at: { oid: string; after: string | null; first: number },
): Promise<NonNullable<z.infer<typeof history>['object']>['history'] | null> {
  const { object } = await ask(look, look.history, { question: question, ...at, since: null }, history);
  return object?.history ?? null;
}

function toInstant(date: string | undefined): string | null {
  const time = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(time) ? null : new Date(time).toISOString();
}

const branchesPerSave = 20;

/** Ends the walk: what other branches add, and that nothing else is reachable. */
export async function endWalk(look: Look): Promise<void> {
  const { cursor } = look;
  const { walk } = cursor;
  if (walk === null || walk.isTold) return;
  const { oid } = walk;
  const others = [...new Set(Object.values(walk.heads))].filter((sha) => sha !== oid).toSorted();
  for (const sha of oid === null ? [] : others.slice(walk.branches)) {
    const added = await compare(look, oid ?? sha, sha);
    if (added !== null) await tellBranch(look, walk, added.shas);
    walk.branches += 1;
    if (walk.branches % branchesPerSave === 0) await saveCursor(look);
  }
  await keep(look, [toEvent(look, 'reach-baseline', null, { snapshot: walk.snapshot })]);
  walk.isTold = true;
  cursor.hasBaseline = true;
  cursor.settled = { heads: walk.heads, snapshot: walk.snapshot };
}

async function tellBranch(
  look: Look,
  walk: { snapshot: number; part: number },
  shas: readonly string[],
): Promise<void> {
  for (let from = 0; from < shas.length; from += pageSize) {
    const some = shas.slice(from, from + pageSize);
    const nodes = await ask(look, look.history, { question: commitsQuestion(some) }, z.record(z.string(), z.unknown()));
    const known = Object.values(nodes).filter((node) => node !== null);
    await keep(look, [
      toEvent(look, 'commit-nodes', known, {}),
      reachEvent(look, { snapshot: walk.snapshot, reachable: true, part: walk.part }, some),
    ]);
    walk.part += 1;
  }
}

const idNode = z.looseObject({
  oid: z.string(),
  author: z.object({ date: z.string() }).nullable(),
  committer: z.object({ date: z.string() }).nullable(),
});
// Few: what was read of a page that did not end is read again.
const filesPerPage = 25;

/** The files of the next commits, newest first: one request for each of them. */
export async function readCommitFiles(look: Look, after: string | null): Promise<Page> {
  const { walk } = look.cursor;
  if (walk?.oid == null) return { after: null, oldest: null, isEnd: true, count: 0, total: 0 };
  const found = await askHistory(look, historyIdsQuestion, { oid: walk.oid, after, first: filesPerPage });
  if (found === null) return { after: null, oldest: null, isEnd: true, count: 0, total: null };
  const nodes = z.array(idNode).parse((found.nodes ?? []).filter((node) => node !== null));
  for (const { oid, author, committer } of nodes) {
    const times = author === null || committer === null ? null : { authored: author.date, committed: committer.date };
    await keepCommitFiles(look, oid, times);
  }
  return {
    after: found.pageInfo.endCursor,
    oldest: toInstant(nodes.at(-1)?.committer?.date),
    isEnd: !found.pageInfo.hasNextPage,
    count: nodes.length,
    total: found.totalCount,
  };
}
