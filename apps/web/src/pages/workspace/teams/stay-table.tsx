import type { ReactElement } from 'react';
import type { StayView } from '@devpulse/contract/wire/teams';
import { Button } from '@devpulse/ui/button.tsx';
import { type Column, DataTable } from '@devpulse/ui/data-table.tsx';
import { formatDay } from '@devpulse/ui/format/format-day';
import { PersonLink } from '../../../people/person-link.tsx';

interface Props {
  caption: string;
  stays: readonly StayView[];
  today: string;
  /** Left out for whoever may only look. */
  onChange: ((stay: StayView) => void) | undefined;
  empty: string;
}

/** Who is in a team, then who will be, then who was; each by name. */
export function StayTable({ caption, stays, today, onChange, empty }: Props): ReactElement {
  const order = ['present', 'future', 'past'];
  const rows = stays.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  return (
    <DataTable
      caption={caption}
      columns={columnsOf(today, onChange)}
      rows={rows}
      rowKey={(stay) => stay.id}
      empty={empty}
    />
  );
}

function columnsOf(today: string, onChange: Props['onChange']): readonly Column<StayView>[] {
  const columns: Column<StayView>[] = [
    { key: 'name', head: 'Name', rowHead: true, wrap: true, cell: (stay) => <PersonLink person={stay.person} /> },
    { key: 'days', head: 'Days', wrap: true, grow: true, cell: (stay) => <Days stay={stay} today={today} /> },
  ];
  if (onChange === undefined) return columns;
  return [
    ...columns,
    {
      key: 'change',
      head: <span className="vh">Change</span>,
      align: 'end',
      cell: (stay) => (
        <Button tone="quiet" aria-label={`Change the days of ${stay.person.name}`} onClick={() => onChange(stay)}>
          Change
        </Button>
      ),
    },
  ];
}

function Days({ stay, today }: { stay: StayView; today: string }): ReactElement {
  const from = formatDay(stay.from, today);
  const until = stay.until === null ? null : formatDay(stay.until, today);
  if (stay.state === 'past') return <span className="quiet">{`from ${from}, left on ${until ?? ''}`}</span>;
  const words = stay.state === 'future' ? `joins on ${from}` : `since ${from}`;
  return <>{until === null ? words : `${words}, leaves on ${until}`}</>;
}
