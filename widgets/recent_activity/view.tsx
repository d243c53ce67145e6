import type { ReactElement } from 'react';
import { DataTable } from '@devpulse/ui/data-table.tsx';
import { Link } from '@devpulse/ui/link.tsx';
import { formatDay } from '@devpulse/ui/format/format-day';
import type { TileAnswer, ViewProps } from '@devpulse/ui/view-props';
import { formatWhen } from '../_parts/format-when.ts';
import { Lead } from '../_parts/lead.tsx';
import { NoWrap } from '../_parts/no-wrap.tsx';
import { NothingThere } from '../_parts/nothing-there.tsx';
import { TileNumber } from '../_parts/tile-number.tsx';
import type { widget } from './widget.ts';

type Line = ViewProps<typeof widget>['result']['records'][number];

export function View({ result, answer }: ViewProps<typeof widget>): ReactElement {
  const { commits, records } = result;
  if (records.length === 0) return <NothingThere what="No commit" answer={answer} />;
  return (
    <>
      <Lead figure={<TileNumber figure={commits} answer={answer} size="mid" showUnit />}>the newest first</Lead>
      <DataTable
        caption="The newest commits"
        rows={records}
        rowKey={({ sha }) => sha}
        columns={[
          { key: 'commit', head: 'Commit', rowHead: true, grow: true, cell: (line) => <CommitName line={line} /> },
          {
            key: 'repository',
            head: 'Repository',
            wideOnly: true,
            cell: ({ repository }) => <NoWrap>{repository}</NoWrap>,
          },
          { key: 'when', head: 'When', align: 'end', cell: (line) => <When line={line} answer={answer} /> },
        ]}
      />
    </>
  );
}

const shaShown = 7;

function CommitName({ line: { subject, sha, url } }: { line: Line }): ReactElement {
  const short = <span className="mono text-ink-3">{sha.slice(0, shaShown)}</span>;
  return (
    <>
      {url === null ? (
        subject
      ) : (
        <Link href={url} external>
          {subject}
        </Link>
      )}{' '}
      {short}
    </>
  );
}

function When({ line: { at, day }, answer }: { line: Line; answer: TileAnswer }): ReactElement | null {
  if (at !== null)
    return (
      <NoWrap>
        <time dateTime={at}>{formatWhen(at, answer)}</time>
      </NoWrap>
    );
  return day === null ? null : <time dateTime={day}>{formatDay(day, answer.today)}</time>;
}
