import type { PullContext, PullEnd } from '@devpulse/contract/connector';
import { SourceRefused } from '@devpulse/contract/source-client';
import { catchUp } from './catch-up.ts';
import { openLook } from './look.ts';
import { meetRepository } from './meet-repository.ts';
import { readPast } from './read-past.ts';
import type { GithubSettings } from './settings.ts';

/** One look at a repository: what changed since the last one, then a slice of the past as long as some is left. */
export async function pull(settings: GithubSettings, context: PullContext): Promise<PullEnd> {
  const look = openLook(settings, context);
  const met = await meetRepository(look);
  await catchUp(look, met);
  try {
    return { left: await readPast(look, met) };
  } catch (error) {
    // The present is read; only the past has to wait.
    if (!(error instanceof SourceRefused) || error.kind !== 'throttled') throw error;
    return { left: isPastDetail(look.cursor.lists) ? 'details' : 'facts', until: error.until };
  }
}

function isPastDetail(lists: ReturnType<typeof openLook>['cursor']['lists']): boolean {
  return lists['pull-files'] !== undefined || lists['commit-files'] !== undefined;
}
