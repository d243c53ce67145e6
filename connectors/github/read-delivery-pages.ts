import type { SourceAnswer, SourceClient } from '@devpulse/contract/source-client';
import { z } from 'zod';
import { heardAt, getAll, getOptional, type Item, keep, type Look, oldestOf, readItems, toEvent } from './look.ts';
import type { Page } from './read-page.ts';

/** Lists that GitHub gives newest first, page by page. */
const lists = {
  releases: { path: '/releases?per_page=100', accept: undefined },
  deployments: { path: '/deployments?per_page=100', accept: undefined },
  runs: { path: '/actions/runs?per_page=100', accept: undefined },
  forks: { path: '/forks?sort=newest&per_page=100', accept: undefined },
  // Oldest first: there is no other order.
  stars: { path: '/stargazers?per_page=100', accept: 'application/vnd.github.star+json' },
} as const;
export type RestKind = keyof typeof lists;

const ended: Page = { after: null, oldest: null, isEnd: true, count: 0, total: null };

const runs = z.object({ total_count: z.int(), workflow_runs: z.array(z.looseObject({})) });

export interface RestAsked {
  look: Look;
  client: SourceClient;
  kind: RestKind;
  after: string | null;
  /** Of deployments that did not change since, the statuses are known. */
  since?: string;
}

/** One page of such a list; what is switched off has none. */
export async function readRestPage(asked: RestAsked): Promise<Page> {
  const { look, client, kind, after } = asked;
  const { path, accept } = lists[kind];
  const address = after ?? `/repositories/${look.settings.id}${path}`;
  const answer = await client.get(address, { allow: [403, 404, 410], ...(accept === undefined ? {} : { accept }) });
  look.heard(answer);
  return answer.status >= 400 ? ended : keepRestPage(asked, answer);
}

async function keepRestPage(asked: RestAsked, answer: SourceAnswer): Promise<Page> {
  const { look, client, kind, since = null } = asked;
  const { items, total } = readList(kind, answer.json);
  await keepItems(look, kind, items, answer.at);
  if (kind === 'deployments') await keepStatuses(look, client, items, since);
  return {
    after: answer.next,
    // Stars and forks have no horizon: their number is that of all of them.
    oldest: kind === 'stars' || kind === 'forks' ? null : oldestOf(items, 'created_at'),
    isEnd: answer.next === null,
    count: items.length,
    total,
  };
}

function readList(kind: RestKind, json: unknown): { items: Item[]; total: number | null } {
  if (kind !== 'runs') return { items: readItems(json), total: null };
  const found = runs.parse(json);
  return { items: found.workflow_runs, total: found.total_count };
}

const perItem = { releases: 'release', deployments: 'deployment', runs: 'workflow-run' } as const;

async function keepItems(look: Look, kind: RestKind, items: Item[], at: Date): Promise<void> {
  if (items.length === 0) return;
  if (kind === 'stars') return keep(look, [toEvent(heardAt(look, at), 'stargazers', items, {})]);
  if (kind === 'forks') return keep(look, [toEvent(heardAt(look, at), 'forks', items, {})]);
  const shape = perItem[kind];
  await keep(
    look,
    items.map((one) => toEvent(heardAt(look, at), shape, one, {})),
  );
}

/** How deployments went, of those that changed since. */
async function keepStatuses(look: Look, client: SourceClient, items: Item[], since: string | null): Promise<void> {
  for (const one of items) {
    if (since !== null && String(one['updated_at']) < since) continue;
    const found = await getAll(look, client, `/deployments/${String(one['id'])}/statuses?per_page=100`);
    if (found !== null && found.items.length > 0)
      await keep(look, [toEvent(heardAt(look, found.at), 'deployment-statuses', found.items, {})]);
  }
}

/**
 * Reads what is new in a list that nothing else tells of. Unchanged it costs nothing, as long as the token is the same one: what
 * an answer was known by depends on the token.
 */
export async function readRestNews(look: Look, kind: 'runs' | 'deployments', since: string): Promise<void> {
  const { etags } = look.cursor;
  const known = etags[kind];
  const path = lists[kind].path.replace('per_page=100', 'per_page=50');
  const answer = await getOptional(look, look.live, path, known === undefined ? {} : { unless: { etag: known } });
  if (answer === null || answer.isUnchanged) return;
  const asked: RestAsked = { look, client: look.live, kind, after: null, since };
  let page = await keepRestPage(asked, answer);
  while (!page.isEnd && page.oldest !== null && page.oldest >= since) {
    page = await readRestPage({ ...asked, after: page.after });
  }
  if (answer.etag !== null) etags[kind] = answer.etag;
}

/** The newest stars: the last page of a list that is oldest first. */
export async function readNewStars(look: Look, stars: number): Promise<void> {
  const perPage = 100;
  const from = Math.max(1, Math.ceil(stars / perPage) - 1);
  // GitHub shows no more pages than that.
  const pagesMax = 400;
  const start = `/repositories/${look.settings.id}/stargazers?per_page=${perPage}&page=${Math.min(from, pagesMax - 1)}`;
  let page = await readRestPage({ look, client: look.live, kind: 'stars', after: start });
  while (!page.isEnd) page = await readRestPage({ look, client: look.live, kind: 'stars', after: page.after });
}
