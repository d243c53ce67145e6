import type { PullPlan } from '@devpulse/contract/connector';
import type { SourceClient } from '@devpulse/contract/source-client';
import { z } from 'zod';
import { horizonsOf } from './read-past.ts';
import { countQuestion } from './questions.ts';
import type { GithubSettings } from './settings.ts';

const total = z.object({ totalCount: z.int() });
const counts = z.object({
  repository: z.looseObject({
    stargazerCount: z.int(),
    forkCount: z.int(),
    pullRequests: total,
    discussions: total,
    releases: total,
    i0: total,
    defaultBranchRef: z.object({ target: z.looseObject({ h0: total }).nullable() }).nullable(),
  }),
});
const runs = z.object({ total_count: z.int() });

type Planned = PullPlan['kinds'][number];

/** What each kind costs for a hundred of it, and of which budget; see `questions.ts` and the pages in `read-past.ts`. */
const price: Record<string, { ofHundred: number; resource: 'core' | 'graphql' }> = {
  commits: { ofHundred: 1, resource: 'graphql' },
  pulls: { ofHundred: 20, resource: 'graphql' },
  issues: { ofHundred: 2, resource: 'graphql' },
  discussions: { ofHundred: 50, resource: 'graphql' },
  comments: { ofHundred: 1, resource: 'core' },
  'review-comments': { ofHundred: 1, resource: 'core' },
  releases: { ofHundred: 1, resource: 'core' },
  runs: { ofHundred: 1, resource: 'core' },
  stars: { ofHundred: 1, resource: 'core' },
  forks: { ofHundred: 1, resource: 'core' },
  'pull-files': { ofHundred: 102, resource: 'core' },
  'commit-files': { ofHundred: 100, resource: 'core' },
};

/** Asks how much there is and tells what reading it will take, for two requests. */
export async function planBackfill(settings: GithubSettings, client: SourceClient, now: Date): Promise<PullPlan> {
  const since = horizonsOf(settings.history, now.toISOString()).at(-1) ?? null;
  const [owner, name] = settings.fullName.split('/');
  const { repository: found } = counts.parse(await client.graphql(countQuestion([since]), { owner, name }));
  const created = since === null ? {} : { created: `>=${since.slice(0, 10)}` };
  const ran = await client.get(`/repositories/${settings.id}/actions/runs`, {
    query: { per_page: 1, ...created },
    allow: [403, 404, 410],
  });
  const commits = found.defaultBranchRef?.target?.h0.totalCount ?? 0;
  const pulls = found.pullRequests.totalCount;
  const isCut = since !== null;
  return {
    kinds: [
      plan('commits', commits, false),
      plan('pulls', pulls, isCut),
      plan('issues', found.i0.totalCount, false),
      plan('discussions', found.discussions.totalCount, isCut),
      plan('comments', null, false),
      plan('review-comments', null, false),
      plan('releases', found.releases.totalCount, isCut),
      plan('runs', ran.status >= 400 ? 0 : (runs.safeParse(ran.json).data?.total_count ?? null), false),
      plan('stars', found.stargazerCount, false),
      plan('forks', found.forkCount, false),
      plan('pull-files', pulls, isCut),
      plan('commit-files', commits, false),
    ],
  };
}

function plan(kind: string, items: number | null, isUpTo: boolean): Planned {
  const { ofHundred, resource } = price[kind] ?? { ofHundred: 1, resource: 'core' };
  return { kind, items, cost: Math.ceil(((items ?? 0) * ofHundred) / 100) + 1, resource, isUpTo };
}
