import type { SourceView } from '@devpulse/contract/wire/sources';
import type { ShownState } from '@devpulse/ui/shown-state';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount } from '@devpulse/ui/format/format-number';

/** How a source stands, in the words and the shape that lists use. `state` is null where all is well. */
export function describeSource(
  source: Pick<SourceView, 'state' | 'progress' | 'lastCheckedAt' | 'lastError'>,
  zone: string,
  now: Date,
): { state: ShownState | null; words: string } {
  switch (source.state) {
    case 'new':
      return { state: 'live', words: 'Waiting' };
    case 'reading':
      return { state: 'live', words: describeProgress(source.progress) };
    case 'failed':
      return { state: 'failed', words: 'Failed' };
    case 'paused':
      return { state: 'not_connected', words: 'Paused' };
    case 'ok':
      return {
        state: null,
        words: source.lastCheckedAt === null ? 'Not looked at yet' : formatInstant(source.lastCheckedAt, zone, now),
      };
  }
}

function describeProgress(progress: SourceView['progress']): string {
  if (progress === null) return 'Reading';
  if (progress.total === null || progress.total === 0) return `${formatCount(progress.done)} read`;
  // Down, so that it says 100 only when all is read.
  return `${Math.floor((progress.done / progress.total) * 100)} %`;
}
