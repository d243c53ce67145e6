import './calendar.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { WorkingCalendarView } from '@devpulse/contract/wire/calendar';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { describeError } from '../../../api-error.ts';
import { useMay } from '../../../frame/use-may.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { paths } from '../../../paths.ts';
import { Link } from '../../../router/link.tsx';
import { calendarQuery } from './calendar-queries.ts';
import { Holidays } from './holidays.tsx';
import { HoursForm } from './hours-form.tsx';

/** When the workspace works. */
export function CalendarPage(): ReactElement {
  const { data, error, refetch } = useQuery(calendarQuery);
  return (
    <div className="page-body workspace-page">
      {data === undefined && error === null && <Skeleton height="16rem" shape="block" />}
      {data === undefined && error !== null && (
        <ErrorNote
          title="The calendar could not be shown"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {describeError(error)}
        </ErrorNote>
      )}
      {data !== undefined && <Calendar calendar={data} />}
    </div>
  );
}

function Calendar({ calendar }: { calendar: WorkingCalendarView }): ReactElement {
  const { workspace } = useViewer();
  const mayChange = useMay('workspace.change');
  return (
    <>
      <p>
        Today, {formatFullDay(calendar.today.day)} in {workspace.zone}, is {wordOf(calendar.today)}. Whatever expects
        something of working days goes by this calendar.
      </p>
      <p className="page-note">
        It says when the workspace works, and changes no figure of a person. Rest days and days off that pause your own
        streak are in{' '}
        <Link to={paths.profile} className="link">
          your profile
        </Link>
        , where the holidays of the workspace can be taken over.
      </p>
      <HoursForm calendar={calendar} mayChange={mayChange} />
      <Holidays calendar={calendar} mayChange={mayChange} />
    </>
  );
}

function wordOf(today: WorkingCalendarView['today']): string {
  if (today.kind === 'holiday') return `a holiday: ${today.holiday ?? ''}`;
  return today.kind === 'working' ? 'a working day' : 'a free day';
}
