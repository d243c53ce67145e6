import type { DemoView } from '@devpulse/contract/wire/demo';
import type { SessionView } from '@devpulse/contract/wire/session';
import type { AuthorList, SourceList } from '@devpulse/contract/wire/sources';

/** Where somebody is in the set-up. `asking`: the server has not told enough yet. */
export type Step = 'you' | 'asking' | 'source' | 'reading' | 'authors' | 'done';

export interface SetupFacts {
  session: Pick<SessionView, 'state'>;
  sources: SourceList | undefined;
  authors: AuthorList | undefined;
  demo: Pick<DemoView, 'state'> | undefined;
}

/** Read off what the server knows, so that a reload goes on where one was; nothing is kept in the browser. */
export function deriveStep({ session, sources, authors, demo }: SetupFacts): Step {
  if (session.state !== 'signed_in') return 'you';
  if (demo?.state === 'making') return 'reading';
  if (sources === undefined) return 'asking';
  if (sources.sources.length === 0 && sources.work.commits === 0) return 'source';
  if (authors === undefined) return 'asking';
  if (authors.authors.some((author) => author.mine)) return 'done';
  // Whoever is known already can be chosen while reading goes on.
  if (authors.authors.length > 0) return 'authors';
  return isBusy(sources) ? 'reading' : 'source';
}

/** Whether something is still being read, worked in or counted. */
export function isBusy({ sources, work }: SourceList): boolean {
  return isReading({ sources }) || work.pendingEvents > 0 || work.pendingDays > 0;
}

export function isReading({ sources }: Pick<SourceList, 'sources'>): boolean {
  return sources.some((source) => source.state === 'new' || source.state === 'reading');
}
