import type { ReactElement } from 'react';
import { DataTable } from '@devpulse/ui/data-table.tsx';
import { formatDay, formatDayRange, monthNames } from '@devpulse/ui/format/format-day';
import type { ViewProps } from '@devpulse/ui/view-props';
import { NoWrap } from '../_parts/no-wrap.tsx';
import { NothingThere } from '../_parts/nothing-there.tsx';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

type RecordLine = ViewProps<typeof widget>['result']['records'][number];

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const known = result.records.filter(({ figure }) => figure.value !== null && figure.value > 0);
  if (known.length === 0) return <NothingThere what="No record yet" answer={answer} />;
  return (
    <DataTable
      caption="Records of all time up to the last day shown"
      rows={known}
      rowKey={({ kind }) => kind}
      columns={[
        { key: 'record', head: 'Record', rowHead: true, cell: ({ figure }) => <NoWrap>{figure.title}</NoWrap> },
        { key: 'when', head: 'When', grow: true, cell: (line) => sayWhen(line, answer.today) },
        {
          key: 'value',
          head: 'Most',
          align: 'end',
          cell: ({ figure }) => <TileNumber figure={figure} answer={answer} showUnit />,
        },
      ]}
    />
  );
}

function sayWhen({ kind, from, to, repository }: RecordLine, today: string): string {
  if (kind === 'repository') return repository ?? 'a repository you cannot see';
  if (from === null || to === null) return '';
  if (kind === 'day') return formatDay(from, today);
  if (kind === 'month') return `${monthNames[Number(from.slice(5, 7)) - 1] ?? ''} ${from.slice(0, 4)}`;
  return formatDayRange(from, to, today);
}
