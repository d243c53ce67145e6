import type { PullEnd } from '@devpulse/contract/connector';
import { freshList, type ListKind, listKinds, type ListState } from './cursor.ts';
import { dayMs, type Look, saveCursor } from './look.ts';
import type { Met } from './meet-repository.ts';
import { readRestPage } from './read-delivery-pages.ts';
import { readNewFiles } from './read-new-files.ts';
import { type Page, readWithin } from './read-page.ts';
import {
  readCommentPage,
  readDiscussionPage,
  readIssuePage,
  readPullFiles,
  readPullPage,
} from './read-thread-pages.ts';
import type { GithubSettings } from './settings.ts';
import { endWalk, readCommitFiles, readCommitPage } from './walk-commits.ts';

const pullsPerPage = 25;
const issuesPerPage = 50;
const discussionsPerPage = 10;

function readThreads(read: typeof readPullPage, look: Look, after: string | null, size: number): Promise<Page> {
  return readWithin(size, (first) => read({ look, client: look.history, after, first }));
}

const readers: Record<ListKind, (look: Look, met: Met, after: string | null) => Promise<Page>> = {
  commits: readCommitPage,
  pulls: (look, _met, after) => readThreads(readPullPage, look, after, pullsPerPage),
  issues: (look, _met, after) => readThreads(readIssuePage, look, after, issuesPerPage),
  discussions: (look, _met, after) => readThreads(readDiscussionPage, look, after, discussionsPerPage),
  comments: (look, _met, after) => readCommentPage(look, 'comments', after),
  'review-comments': (look, _met, after) => readCommentPage(look, 'review-comments', after),
  releases: (look, _met, after) => readRestPage({ look, client: look.history, kind: 'releases', after: after }),
  deployments: (look, _met, after) => readRestPage({ look, client: look.history, kind: 'deployments', after: after }),
  runs: (look, _met, after) => readRestPage({ look, client: look.history, kind: 'runs', after: after }),
  stars: (look, _met, after) => readRestPage({ look, client: look.history, kind: 'stars', after: after }),
  forks: (look, _met, after) => readRestPage({ look, client: look.history, kind: 'forks', after: after }),
  'pull-files': (look, _met, after) => readPullFiles(look, after),
  'commit-files': (look, _met, after) => readCommitFiles(look, after),
};

const details: readonly ListKind[] = ['pull-files', 'commit-files'];
const facts = listKinds.filter((kind) => !details.includes(kind));

/** A look ends after that long, so that what just happened is not kept waiting by years of history. */
const sliceMs = 45_000;

/** How far back, nearest first; `null` is the beginning. */
export function horizonsOf(history: GithubSettings['history'], began: string): (string | null)[] {
  const ago = (days: number): string => new Date(Date.parse(began) - days * dayMs).toISOString();
  const all = [ago(90), ago(365), null];
  return all.slice(0, { quarter: 1, year: 2, all: 3 }[history]);
}

/** Reads on where the past was left, newest first: the last quarter of everything, then the year, then the rest. */
export async function readPast(look: Look, met: Met): Promise<PullEnd['left']> {
  const end = look.context.now().getTime() + sliceMs;
  const horizons = horizonsOf(look.settings.history, look.cursor.began ?? look.now().toISOString());
  const last = horizons.at(-1);
  for (const horizon of horizons) {
    for (const kind of facts)
      if (!(await readDown(look, met, { kind, horizon, isLast: horizon === last, end }))) return 'facts';
  }
  if (!(await readNewFiles(look, end))) return 'details';
  for (const horizon of horizons) {
    for (const kind of details)
      if (!(await readDown(look, met, { kind, horizon, isLast: horizon === last, end }))) return 'details';
  }
  return 'nothing';
}

interface Wanted {
  kind: ListKind;
  horizon: string | null;
  /** Nothing beyond it is wanted. */
  isLast: boolean;
  end: number;
}

/** Whether all of it down to the horizon is read; page by page, each of them for good. */
async function readDown(look: Look, met: Met, { kind, horizon, isLast, end }: Wanted): Promise<boolean> {
  const { cursor, context } = look;
  for (let state = stateOf(look, kind); !isRead(state, horizon); state = stateOf(look, kind)) {
    tell(look);
    if (context.now().getTime() >= end) return false;
    context.signal.throwIfAborted();
    const page = await readers[kind](look, met, state.after);
    cursor.lists = { ...cursor.lists, [kind]: advance(state, page) };
    await saveCursor(look);
  }
  if (kind !== 'commits' || cursor.walk?.isTold !== false) return true;
  // The first walk tells the newest part as soon as it has it; a later one takes nothing back before its end.
  if (cursor.hasBaseline && !isLast) return true;
  await endWalk(look);
  await saveCursor(look);
  return true;
}

function stateOf({ cursor }: Look, kind: ListKind): ListState {
  return cursor.lists[kind] ?? freshList;
}

function isRead({ isEnd, oldest }: ListState, horizon: string | null): boolean {
  return isEnd || (horizon !== null && oldest !== null && Date.parse(oldest) < Date.parse(horizon));
}

function advance(state: ListState, page: Page): ListState {
  return {
    after: page.after,
    oldest: page.oldest !== null && (state.oldest === null || page.oldest < state.oldest) ? page.oldest : state.oldest,
    isEnd: page.isEnd,
    done: state.done + page.count,
    total: page.total ?? state.total,
  };
}

function tell({ cursor, context, name }: Look): void {
  const kinds = listKinds.flatMap((kind) => {
    const list = cursor.lists[kind];
    return list === undefined ? [] : [{ kind, done: list.done, total: list.isEnd ? list.done : list.total }];
  });
  const sum = (of: (one: (typeof kinds)[number]) => number): number => kinds.reduce((all, one) => all + of(one), 0);
  context.progress({
    what: name,
    done: sum(({ done }) => done),
    total: sum(({ done, total }) => total ?? done),
    kinds,
    ...(cursor.began === null ? {} : { since: cursor.began }),
  });
}
