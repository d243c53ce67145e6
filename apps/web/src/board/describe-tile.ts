import type { WidgetAnswer } from '@devpulse/contract/wire/widgets';
import { formatDayRange } from '@devpulse/ui/format/format-day';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import type { ShownState } from '@devpulse/ui/shown-state';
import { isDay } from '../range/days.ts';

interface Seen {
  answer: Pick<WidgetAnswer, 'state' | 'stateReason' | 'asOf' | 'subject' | 'result'> | undefined;
  /** The last time it was asked, nothing came. */
  failure: { words: string; at: string | null; denied?: boolean } | null;
  now: Date;
}

interface Shown {
  state: ShownState;
  word?: string | undefined;
  reason?: string | undefined;
}

/** The state a tile is drawn in, and the sentence that goes with it. An answer that failed to come keeps the one before. */
export function describeTile({ answer, failure, now }: Seen): Shown {
  // What one may no longer see is not kept either.
  if (failure?.denied === true) return { state: 'denied', reason: endSentence(failure.words) };
  if (failure !== null) {
    const kept = answer === undefined ? '' : ` ${describeAge(answer, now)}`;
    const reference = failure.at === null ? '' : ` Reference ${failure.at}.`;
    return { state: 'failed', reason: `${endSentence(failure.words)}${kept}${reference}` };
  }
  if (answer === undefined) return { state: 'ok' };
  const reason = answer.stateReason === undefined ? undefined : endSentence(answer.stateReason);
  switch (answer.state) {
    case 'ok':
      return { state: 'ok' };
    case 'empty':
      // The view says what was looked at; without one the reason is all there is.
      return answer.result === null ? { state: 'empty', reason } : { state: 'empty' };
    default:
      return { state: answer.state, reason };
  }
}

/** The days of a tile that does not show those of the board. */
export function describeOwnDays(answer: Pick<WidgetAnswer, 'result' | 'from' | 'to' | 'today'>): string | undefined {
  const { from, to } = (answer.result ?? {}) as { from?: unknown; to?: unknown };
  if (!isDay(from) || !isDay(to) || (from === answer.from && to === answer.to)) return undefined;
  return formatDayRange(from, to, answer.today);
}

function describeAge(answer: NonNullable<Seen['answer']>, now: Date): string {
  if (answer.asOf === null) return 'What is shown is the last answer.';
  return `What is shown is from ${formatInstant(answer.asOf, answer.subject.zone, now)}.`;
}

function endSentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
