import type { ReactElement } from 'react';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { formatDayRange } from '@devpulse/ui/format/format-day';
import type { TileAnswer } from '@devpulse/ui/view-props';

/** Said in place of a drawing when we looked and there is nothing: what was looked for, and over which days. */
export function NothingThere({ what, answer }: { what: string; answer: TileAnswer }): ReactElement {
  const days = formatDayRange(answer.from, answer.to, answer.today);
  return (
    <EmptyState title={`${what}, ${days}.`}>
      Every source was read. Look at more days, or at all repositories, to see what came before.
    </EmptyState>
  );
}
