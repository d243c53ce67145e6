import { type Cursor, freshList } from './cursor.ts';
import { followCommits, headsOf } from './follow-commits.ts';
import { before, hourMs, type Look, saveCursor } from './look.ts';
import type { Met, Seen } from './meet-repository.ts';
import { readDaily, readRefs } from './read-daily.ts';
import { readNewStars, readRestNews, readRestPage, type RestKind } from './read-delivery-pages.ts';
import { type Page, readWithin } from './read-page.ts';
import { readCommentsSince, readDiscussionPage, readIssuePage, readPullPage } from './read-thread-pages.ts';

/** Reads what changed since the last look, with an hour more: clocks and indexes of a source are not exact. */
export async function catchUp(look: Look, met: Met): Promise<void> {
  const { cursor } = look;
  const beganAt = look.now();
  const isFirst = cursor.began === null;
  const day = beganAt.toISOString().slice(0, 10);
  const isNewDay = cursor.day !== day;
  const known = cursor.seen;
  if (isFirst || isNewDay || known['pushed'] !== met.seen.pushed) await readRefs(look);
  if (isFirst || isNewDay) await readDaily(look);
  if (isFirst) {
    begin(look, met.seen, beganAt);
    await readRunNews(look, before(beganAt, 0));
  } else {
    await followCommits(look, headsOf(look, met));
    await readThreadNews(look, met.seen);
    await readOtherNews(look, met.seen);
  }
  const settled = Object.entries(met.seen).map(([kind, text]: [string, string]) => [kind, settle(text, beganAt)]);
  cursor.seen = Object.fromEntries(settled) as Cursor['seen'];
  cursor.seen['at'] = before(beganAt, 0);
  cursor.day = day;
  // Asked for again each day: what was not granted may be granted since.
  if (isNewDay) cursor.without = [];
  await saveCursor(look);
}

/**
 * GitHub's times are whole seconds: what changed again in the second of a look would look the same to the next one. What is as
 * fresh as that is read once more.
 */
function settle(text: string, at: Date): string {
  const [newest = ''] = text.split(' ');
  return newest.includes('T') && newest > before(at, freshMs) ? `${text} fresh` : text;
}

const freshMs = 10_000;

/** What is there already is the past, which is read at its own pace. */
function begin({ cursor }: Look, seen: Seen, at: Date): void {
  cursor.began = at.toISOString();
  const totalOf = (text: string): number => Number(text.split(' ').at(-1));
  const totals = {
    pulls: totalOf(seen.pulls),
    issues: totalOf(seen.issues),
    discussions: totalOf(seen.discussions),
    releases: totalOf(seen.releases),
    stars: Number(seen.stars),
    forks: Number(seen.forks),
  };
  cursor.lists = Object.fromEntries(Object.entries(totals).map(([kind, total]) => [kind, { ...freshList, total }]));
}

const pagesOf = { pulls: readPullPage, issues: readIssuePage, discussions: readDiscussionPage } as const;
/** A small page first: mostly one thread has changed, and the price of a page goes by its size. */
const firstPage = 10;
const nextPages = 25;

async function readThreadNews(look: Look, seen: Seen): Promise<void> {
  const known = look.cursor.seen;
  const isTouched = known['pulls'] !== seen.pulls || known['issues'] !== seen.issues;
  for (const kind of ['pulls', 'issues', 'discussions'] as const) await readBack(look, kind, seen[kind]);
  if (!isTouched || known['at'] === undefined) return;
  const since = before(known['at'], hourMs);
  await readCommentsSince(look, 'comments', since);
  await readCommentsSince(look, 'review-comments', since);
}

/** Reads a list from its newest item down to where the last look was; page by page, so that it can be broken off. */
async function readBack(look: Look, kind: keyof typeof pagesOf, newest: string): Promise<void> {
  const { cursor } = look;
  const last = cursor.seen[kind] ?? '';
  const begun = cursor.catching[kind];
  if (last === newest && begun === undefined) return;
  const [mark = ''] = last.split(' ');
  const floor = mark === '' ? null : before(mark, hourMs);
  let after = begun?.after ?? null;
  for (;;) {
    const first = after === null ? firstPage : nextPages;
    const from = after;
    const page: Page = await readWithin(first, (size) =>
      pagesOf[kind]({ look, client: look.live, after: from, first: size }),
    );
    if (page.isEnd || page.after === null || (floor !== null && page.oldest !== null && page.oldest < floor)) break;
    after = page.after;
    cursor.catching = { ...cursor.catching, [kind]: { after, newest: begun?.newest ?? newest } };
    await saveCursor(look);
  }
  const { [kind]: _done, ...others } = cursor.catching;
  cursor.catching = others;
}

async function readOtherNews(look: Look, seen: Seen): Promise<void> {
  const known: Cursor['seen'] = look.cursor.seen;
  const since = before(known['at'] ?? look.now(), hourMs);
  await readRunNews(look, since);
  if (known['releases'] !== seen.releases) await readDown(look, 'releases', since);
  if (known['forks'] !== seen.forks) await readDown(look, 'forks', since);
  if (known['stars'] !== seen.stars) await readNewStars(look, Number(seen.stars));
}

async function readRunNews(look: Look, since: string): Promise<void> {
  // A run that was begun before may end after: a day is longer than most take.
  await readRestNews(look, 'runs', before(since, 23 * hourMs));
  await readRestNews(look, 'deployments', since);
}

async function readDown(look: Look, kind: RestKind, since: string): Promise<void> {
  let page = await readRestPage({ look, client: look.live, kind: kind, after: null });
  while (!page.isEnd && page.oldest !== null && page.oldest >= since)
    page = await readRestPage({ look, client: look.live, kind: kind, after: page.after });
}
