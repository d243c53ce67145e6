import type { ReactElement } from 'react';
import { RankedBars } from '@devpulse/ui/charts/ranked-bars.tsx';
import { formatDay } from '@devpulse/ui/format/format-day';
import type { ViewProps } from '@devpulse/ui/view-props';
import { Lead } from '../_parts/lead.tsx';
import { makeQuestion } from '../_parts/make-question.ts';
import { NothingThere } from '../_parts/nothing-there.tsx';
import { Remark } from '../_parts/remark.tsx';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const { active, repositories, more } = result;
  if (repositories.length === 0) return <NothingThere what="No repository with a commit" answer={answer} />;
  return (
    <>
      <Lead figure={<TileNumber figure={active} answer={answer} size="mid" showUnit />}>with commits</Lead>
      <RankedBars
        label="Commits by repository"
        unit="commits"
        most={repositories.length}
        rows={repositories.map(({ id, name, commits, lastDay }) => ({
          key: id,
          label: name,
          value: commits.value,
          reason: commits.reason,
          question: makeQuestion(commits, answer),
          note: lastDay === null ? undefined : formatDay(lastDay, answer.today),
        }))}
      />
      {more > 0 && <Remark>{`And ${more} more.`}</Remark>}
    </>
  );
}
