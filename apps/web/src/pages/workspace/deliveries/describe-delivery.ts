import type { RawState } from '@devpulse/contract/raw-event';
import type { DeliveryView } from '@devpulse/contract/wire/hooks';
import type { ShownState } from '@devpulse/ui/shown-state';

const outcomes: Record<RawState, { state: ShownState | null; words: string }> = {
  pending: { state: 'live', words: 'waits' },
  leased: { state: 'live', words: 'is being read' },
  done: { state: null, words: 'read' },
  ignored: { state: 'empty', words: 'says nothing we keep' },
  dead: { state: 'failed', words: 'could not be read' },
};

/** What became of a delivery; without a state where it went as it should. */
export function describeOutcome({ state }: Pick<DeliveryView, 'state'>): { state: ShownState | null; words: string } {
  return outcomes[state];
}

/** `pull_request, closed`. */
export function nameEvent({ event, action }: Pick<DeliveryView, 'event' | 'action'>): string {
  return action === null ? event : `${event}, ${action}`;
}

/** A body as it can be read: JSON with its lines, anything else as it came. */
export function layOutBody(content: string): string {
  try {
    return JSON.stringify(JSON.parse(content), null, 2);
  } catch {
    return content;
  }
}
