import { type ReactElement, useMemo } from 'react';
import { HourGrid } from '@devpulse/ui/charts/hour-grid.tsx';
import { nameWeekday } from '@devpulse/ui/format/format-day';
import { sayValue } from '@devpulse/ui/format/format-number';
import type { ViewProps } from '@devpulse/ui/view-props';
import { Lead } from '../_parts/lead.tsx';
import { makeQuestion } from '../_parts/make-question.ts';
import { NothingThere } from '../_parts/nothing-there.tsx';
import { Remark } from '../_parts/remark.tsx';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

const blockWords: Record<string, string> = {
  morning: 'the morning, from 6:00 to 12:00',
  afternoon: 'the afternoon, from 12:00 to 18:00',
  evening: 'the evening, from 18:00 to 22:00',
  night: 'the night, from 22:00 to 6:00',
};

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const { commits, hours, peak, busiestBlock } = result;
  const cells = useMemo(
    () =>
      Object.entries(hours).map(([part, value]) => {
        const [weekday = 0, hour = 0] = part.split('-').map(Number);
        return { weekday, hour, value };
      }),
    [hours],
  );
  if (peak === null) return <NothingThere what="No commit" answer={answer} />;
  const place = `${nameWeekday(peak.weekday)} ${peak.hour}:00`;
  return (
    <>
      <Lead figure={<TileNumber figure={peak.commits} answer={answer} label="Busiest hour" shown={place} size="mid" />}>
        busiest hour, {sayValue(peak.commits.value, 'commits')} of <TileNumber figure={commits} answer={answer} />
      </Lead>
      <HourGrid
        label="Commits by weekday and hour"
        finding={`Most on ${place}.`}
        cells={cells}
        unit="commits"
        weekStart={answer.weekStart}
        ask={(weekday, hour) =>
          makeQuestion({ ...commits, part: `${weekday}-${String(hour).padStart(2, '0')}` }, answer)
        }
      />
      {busiestBlock !== null && blockWords[busiestBlock] !== undefined && (
        <Remark>The busiest time of day is {blockWords[busiestBlock]}.</Remark>
      )}
    </>
  );
}
