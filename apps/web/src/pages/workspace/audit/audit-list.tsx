import type { ReactElement } from 'react';
import type { AuditEntry } from '@devpulse/contract/wire/audit';
import type { Day } from '@devpulse/contract/day';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { describeAct, describeActor, describeWay, sumUpChanges } from './describe-entry.ts';

interface Props {
  entries: readonly AuditEntry[];
  zone: string;
  today: Day;
  onOpen: (entry: AuditEntry) => void;
}

/** The log by days, the newest first; each entry opens what is known of it. */
export function AuditList({ entries, zone, today, onOpen }: Props): ReactElement {
  const days = Map.groupBy(entries, (entry) => splitInstant(entry.at, zone).day);
  return (
    <div className="audit-days">
      {[...days].map(([day, ofDay]) => (
        <section key={day} aria-labelledby={`day-${day}`}>
          <h2 id={`day-${day}`}>{day === today ? 'Today' : formatFullDay(day)}</h2>
          <ul>
            {ofDay.map((entry) => (
              <li key={entry.id}>
                <Entry entry={entry} zone={zone} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function Entry({ entry, zone, onOpen }: Pick<Props, 'zone' | 'onOpen'> & { entry: AuditEntry }): ReactElement {
  const changes = sumUpChanges(entry, zone);
  const way = describeWay(entry);
  return (
    <button type="button" className="audit-entry" aria-haspopup="true" onClick={() => onOpen(entry)}>
      <time className="audit-time" dateTime={entry.at}>
        {splitInstant(entry.at, zone).time}
      </time>
      <span className="audit-words">
        <span className="audit-act">{describeAct(entry)}</span>
        {changes !== '' && <span className="audit-change">{changes}</span>}
        <span className="audit-who">
          {describeActor(entry)}
          {way !== '' && <span>, {way}</span>}
        </span>
      </span>
    </button>
  );
}
