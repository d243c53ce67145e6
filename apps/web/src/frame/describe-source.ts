import type { SourceView } from '@devpulse/contract/wire/sources';
import type { ShownState } from '@devpulse/ui/shown-state';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount } from '@devpulse/ui/format/format-number';

/** The words of a list, in full where they stand alone. */
export function sayState({ state, words }: ReturnType<typeof describeSource>): string {
  return state === 'throttled' ? `Throttled ${words}` : words;
}

/** Failures that are known by their code, as what they are. */
const failures: Readonly<Record<string, { state: ShownState; words: string }>> = {
  reconnect: { state: 'not_connected', words: 'Reconnect' },
  denied: { state: 'denied', words: 'Denied' },
  missing: { state: 'failed', words: 'Not found' },
  gone: { state: 'failed', words: 'Gone' },
  partial: { state: 'partial', words: 'Not complete' },
  'catching up': { state: 'live', words: 'Catching up' },
};

/** How a source stands, in the words and the shape that lists use. `state` is null where all is well. */
export function describeSource(
  source: Pick<SourceView, 'state' | 'progress' | 'lastCheckedAt' | 'lastError' | 'monitor'>,
  zone: string,
  now: Date,
): { state: ShownState | null; words: string } {
  switch (source.state) {
    case 'new':
      return { state: 'live', words: 'Waiting' };
    case 'reading':
      return { state: 'live', words: describeProgress(source.progress) };
    case 'failed':
      return failures[source.lastError?.code ?? ''] ?? { state: 'failed', words: 'Failed' };
    case 'paused':
      return { state: 'not_connected', words: source.lastError?.code === 'excluded' ? 'Switched off' : 'Paused' };
    case 'ok':
      if (source.monitor.waitingUntil !== null && new Date(source.monitor.waitingUntil) > now)
        return { state: 'throttled', words: `until ${formatInstant(source.monitor.waitingUntil, zone, now)}` };
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
