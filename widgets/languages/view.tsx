import type { ReactElement } from 'react';
import { RankedBars } from '@devpulse/ui/charts/ranked-bars.tsx';
import { formatShare, noBreak } from '@devpulse/ui/format/format-number';
import type { ViewProps } from '@devpulse/ui/view-props';
import { Lead } from '../_parts/lead.tsx';
import { makeQuestion } from '../_parts/make-question.ts';
import { NothingThere } from '../_parts/nothing-there.tsx';
import { Remark } from '../_parts/remark.tsx';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const { lines, languages, more } = result;
  if (languages.length === 0) return <NothingThere what="No line was written or removed" answer={answer} />;
  const total = lines.value ?? 0;
  return (
    <>
      <Lead figure={<TileNumber figure={lines} answer={answer} size="mid" showUnit />}>written and removed</Lead>
      <RankedBars
        label="Lines by language"
        unit="lines"
        total={total}
        most={languages.length}
        rows={languages.map(({ language, lines: own }) => ({
          key: language,
          label: language,
          value: own.value,
          question: makeQuestion(own, answer),
          note: sayShare(own.value, total),
        }))}
      />
      {more > 0 && <Remark>{`And ${more} more.`}</Remark>}
    </>
  );
}

function sayShare(value: number | null, total: number): string | undefined {
  if (value === null || total === 0) return undefined;
  const { number, unit } = formatShare((100 * value) / total, total);
  return `${number}${noBreak}${unit}`;
}
