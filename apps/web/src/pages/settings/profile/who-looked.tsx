import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { LookView } from '@devpulse/contract/wire/viewers';
import { Button } from '@devpulse/ui/button.tsx';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../../api-error.ts';
import { PersonName } from '../../../people/person-name.tsx';
import { looksQuery } from './profile-queries.ts';

/** Who looked at one’s numbers, and on which days. */
export function WhoLooked(): ReactElement {
  const [cursors, setCursors] = useState<readonly (string | undefined)[]>([undefined]);
  return (
    <div className="profile-stack">
      <p className="page-note">
        Owners and admins may look at everybody’s numbers, managers at those of people in their teams. Each of them is
        noted here once a day, for 180 days. What is asked of the workspace as a whole is no look at you.
      </p>
      {cursors.map((cursor, index) => (
        <Looks
          key={cursor ?? ''}
          cursor={cursor}
          onMore={index === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : undefined}
        />
      ))}
    </div>
  );
}

function Looks(props: {
  cursor: string | undefined;
  onMore: ((cursor: string) => void) | undefined;
}): ReactElement | null {
  const { cursor, onMore } = props;
  const { data, error, refetch } = useQuery(looksQuery(cursor));
  if (error !== null)
    return (
      <ErrorNote
        title="Who looked could not be shown"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {describeError(error)}
      </ErrorNote>
    );
  if (data === undefined) return <Skeleton height="4rem" shape="block" />;
  if (data.looks.length === 0)
    return cursor === undefined ? (
      <EmptyState title="Nobody looked.">
        In the last {data.keptDays} days nobody asked for your numbers alone.
      </EmptyState>
    ) : null;
  const days = [...Map.groupBy(data.looks, ({ day }) => day)];
  const next = data.nextCursor;
  return (
    <>
      {days.map(([day, looks]) => (
        <Day key={day} day={day} looks={looks} />
      ))}
      {next !== null && onMore !== undefined && (
        <div>
          <Button onClick={() => onMore(next)}>Show earlier days</Button>
        </div>
      )}
    </>
  );
}

function Day({ day, looks }: { day: string; looks: readonly LookView[] }): ReactElement {
  const names = looks.toSorted((a, b) => a.viewer.name.localeCompare(b.viewer.name));
  return (
    <section className="profile-look" aria-label={formatFullDay(day)}>
      <p className="field-label">{formatFullDay(day)}</p>
      <ul>
        {names.map(({ viewer }) => (
          <li key={viewer.id}>
            <PersonName name={viewer.name} avatar={viewer.avatar} />
          </li>
        ))}
      </ul>
    </section>
  );
}
