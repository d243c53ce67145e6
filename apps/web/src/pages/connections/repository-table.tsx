import type { ReactElement } from 'react';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import type { Reached } from './connections-api.ts';

interface Props {
  rows: readonly Reached[];
  chosen: ReadonlySet<string>;
  onChoose: (chosen: ReadonlySet<string>) => void;
}

/** Repositories by name, each to be ticked; what became of one stands beneath it. */
export function RepositoryTable({ rows, chosen, onChoose }: Props): ReactElement {
  const open = rows.filter(canBeChosen);
  const isAll = open.length > 0 && open.every(({ number }) => chosen.has(number));
  const toggle = (numbers: readonly string[], wanted: boolean): void => {
    const next = new Set(chosen);
    for (const number of numbers)
      if (wanted) next.add(number);
      else next.delete(number);
    onChoose(next);
  };
  return (
    <table className="table repository-table">
      <caption className="vh">Repositories that the connection reaches</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="check">
              <input
                type="checkbox"
                aria-label="Choose all that are listed"
                checked={isAll}
                disabled={open.length === 0}
                onChange={(event) =>
                  toggle(
                    open.map(({ number }) => number),
                    event.currentTarget.checked,
                  )
                }
              />
            </span>
          </th>
          <th scope="col">Repository</th>
          <th scope="col">Watched</th>
          <th scope="col" className="wide-only end">
            Last push
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.number}
            row={row}
            isChosen={chosen.has(row.number)}
            onToggle={(wanted) => toggle([row.number], wanted)}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row(props: { row: Reached; isChosen: boolean; onToggle: (wanted: boolean) => void }): ReactElement {
  const { row, isChosen, onToggle } = props;
  const { me } = useViewer();
  const marks = [
    ...(row.isPrivate ? ['private'] : []),
    ...(row.isFork ? ['fork'] : []),
    ...(row.isArchived ? ['archived'] : []),
    ...(row.state === 'unreachable' || row.state === 'deleted' ? ['gone'] : []),
  ];
  return (
    <tr className={isChosen ? 'repository-chosen' : undefined}>
      <td>
        <span className="check">
          <input
            type="checkbox"
            aria-label={`Choose ${row.fullName}`}
            checked={isChosen}
            disabled={!canBeChosen(row)}
            onChange={(event) => onToggle(event.currentTarget.checked)}
          />
        </span>
      </td>
      <th scope="row" className="wrap">
        <span className="repository-name">{row.fullName}</span>
        {marks.map((mark) => (
          <span key={mark} className="repository-mark">
            {mark}
          </span>
        ))}
        {row.message !== null && <small className="repository-message">{row.message}</small>}
      </th>
      <td>
        {row.sourceId === null ? (
          <span className="quiet">no</span>
        ) : (
          <Link
            to={paths.source}
            params={{ id: row.sourceId }}
            className="link"
            aria-label={`${words[row.sourceState ?? ''] ?? 'yes'}: how ${row.fullName} is read`}
          >
            {words[row.sourceState ?? ''] ?? 'yes'}
          </Link>
        )}
      </td>
      <td className="wide-only end">{row.pushedAt === null ? '—' : formatInstant(row.pushedAt, me.effectiveZone)}</td>
    </tr>
  );
}

const words: Readonly<Record<string, string>> = {
  new: 'waiting',
  reading: 'reading',
  ok: 'yes',
  failed: 'failed',
  paused: 'paused',
};

/** What is gone or switched off can still be unwatched, and nothing else. */
function canBeChosen({ state, sourceId }: Reached): boolean {
  return sourceId !== null || state === 'there' || state === 'archived';
}
