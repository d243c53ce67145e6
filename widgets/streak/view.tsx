import type { ReactElement, ReactNode } from 'react';
import { formatDay, formatDayRange, nameWeekday } from '@devpulse/ui/format/format-day';
import { formatCount, sayValue } from '@devpulse/ui/format/format-number';
import type { TileAnswer, ViewProps } from '@devpulse/ui/view-props';
import { Lead } from '../_parts/lead.tsx';
import { Remark } from '../_parts/remark.tsx';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

type Result = ViewProps<typeof widget>['result'];

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const { current, longest, consistency, milestones } = result;
  const pauses = sayPauses(result.pauses, answer);
  return (
    <>
      <Lead figure={<TileNumber figure={current.figure} answer={answer} size="figure" showUnit />}>
        {sayRun(result, answer)}
      </Lead>
      <dl className="border-t border-line text-small">
        <Row name="Longest" note={longest.isCurrent ? 'the current one' : sayDays(longest, answer)}>
          <TileNumber figure={longest.figure} answer={answer} showUnit />
        </Row>
        <Row
          name="Consistency"
          note={consistency.grade === null ? consistency.figure.reason : `grade ${consistency.grade}`}
        >
          <TileNumber figure={consistency.figure} answer={answer} />
          {consistency.figure.value !== null && ' of 100'}
        </Row>
        <Row name="Milestones reached" note={sayMilestones(milestones, answer)}>
          <TileNumber
            figure={milestones.figure}
            answer={answer}
            label="Milestones reached"
            // So many milestones, not so many days.
            shown={formatCount(milestones.figure.value ?? 0)}
          />
        </Row>
      </dl>
      {pauses && <Remark>{pauses}</Remark>}
    </>
  );
}

function Row({ name, note, children }: { name: string; note?: ReactNode; children: ReactNode }): ReactElement {
  return (
    <div className="flex items-baseline gap-2 border-b border-line py-2">
      <dt className="flex-1 text-ink-2">
        {name}
        {note && <span className="text-ink-3"> · {note}</span>}
      </dt>
      <dd className="whitespace-nowrap">{children}</dd>
    </div>
  );
}

function sayRun({ current, atRisk, lastActiveDay }: Result, { subject, today }: TileAnswer): string {
  if (atRisk) {
    const city = subject.zone.split('/').at(-1)?.replaceAll('_', ' ') ?? subject.zone;
    return `Nothing yet today. Your streak of ${current.figure.value ?? 0} is safe until midnight in ${city}.`;
  }
  if (current.from !== null) return `since ${formatDay(current.from, today)}`;
  return lastActiveDay === null ? 'No commit so far.' : `The last active day was ${formatDay(lastActiveDay, today)}.`;
}

function sayDays({ from, to }: { from: string | null; to: string | null }, { today }: TileAnswer): string | null {
  return from === null || to === null ? null : formatDayRange(from, to, today);
}

function sayMilestones({ last, lastDay, next }: Result['milestones'], { today }: TileAnswer): string | null {
  if (last !== null && lastDay !== null) return `last ${last} days, ${formatDay(lastDay, today)}`;
  return next === null ? null : `the next at ${sayValue(next, 'days')}`;
}

/** What pauses the streak, in words; nothing where nothing does. */
function sayPauses({ restWeekdays, freezes, holidays }: Result['pauses'], { today }: TileAnswer): string | null {
  const parts = [];
  if (restWeekdays.length > 0) parts.push(`rest on ${restWeekdays.map(nameWeekday).join(' and ')}`);
  if (holidays.length > 0) parts.push('holidays');
  if (freezes.length > 0) parts.push(`freezes (${listDays(freezes, today)})`);
  return parts.length === 0 ? null : `Paused, not broken, by ${parts.join(', ')}.`;
}

const daysNamed = 3;

function listDays(days: readonly string[], today: string): string {
  const named = days.slice(-daysNamed).map((day) => formatDay(day, today));
  const more = days.length - named.length;
  return `${named.join(', ')}${more > 0 ? ` and ${more} before` : ''}`;
}
