import type { ReactElement, ReactNode } from 'react';
import type { AuditEntry } from '@devpulse/contract/wire/audit';
import { CopyButton } from '@devpulse/ui/copy-button.tsx';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { SidePanel } from '@devpulse/ui/side-panel.tsx';
import { describeAct, describeActor, describeWay, listChanges } from './describe-entry.ts';

/** Everything that is known of an entry. */
export function AuditDetail(props: { entry: AuditEntry; zone: string; onClose: () => void }): ReactElement {
  const { entry, zone, onClose } = props;
  const { day, time } = splitInstant(entry.at, zone);
  const changes = listChanges(entry, zone);
  const way = describeWay(entry);
  return (
    <div className="audit-drawer">
      <SidePanel key={entry.id} id="audit-entry" title={`Entry ${entry.seq}`} icon="info" onClose={onClose}>
        <p className="audit-title">{describeAct(entry)}</p>
        <dl className="audit-facts">
          <Fact name="Who">{describeActor(entry)}</Fact>
          {way !== '' && <Fact name="How">{way}</Fact>}
          <Fact name="When">
            <time dateTime={entry.at}>
              {formatFullDay(day)}, {time}
            </time>{' '}
            ({zone})
          </Fact>
          {entry.target !== null && (
            <Fact name={`The ${entry.target.kind.replaceAll('_', ' ')}`}>
              {entry.target.name !== null && <span>{entry.target.name} </span>}
              <code className="mono">{entry.target.id}</code>
            </Fact>
          )}
          <Fact name="Action">
            <code className="mono">{entry.action}</code>
          </Fact>
          {entry.requestId !== null && (
            <Fact name="Request">
              <code className="mono">{entry.requestId}</code>
            </Fact>
          )}
          <Fact name="Hash">
            <code className="mono audit-hash">{entry.hash}</code> <CopyButton text={entry.hash} />
          </Fact>
        </dl>
        {changes.length > 0 && (
          <table className="table audit-changes">
            <caption>What is different</caption>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Before</th>
                <th scope="col">After</th>
              </tr>
            </thead>
            <tbody>
              {changes.map(({ what, before, after }) => (
                <tr key={what}>
                  <th scope="row" className="wrap">
                    {what}
                  </th>
                  <td className="wrap">{before ?? '—'}</td>
                  <td className="wrap">{after ?? '—'}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {entry.isErased && (
          <p className="page-note">
            Whoever did this has deleted their account since: only the time and the action are left of this entry.
          </p>
        )}
      </SidePanel>
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
