import { useState, type ReactElement } from 'react';
import type { ConnectionList, ConnectionView } from '@devpulse/contract/wire/connections';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { BudgetLines } from './budget-lines.tsx';
import { ConnectionActs } from './connection-acts.tsx';
import { nameForm, showConnection } from './describe-connection.ts';
import { GrantList } from './grant-list.tsx';

interface Props {
  connection: ConnectionView;
  ways: ConnectionList['ways'];
}

/** One connection: whose it is, how it stands, the way back, what it may, and what can be done with it. */
export function ConnectionRow({ connection, ways }: Props): ReactElement {
  const { account, kind } = connection;
  const shown = showConnection(connection);
  const isOpen = kind === 'app' || connection.mine;
  return (
    <li className="connection-row" aria-label={account.login}>
      <div className="connection-head">
        <h3>
          {isOpen ? (
            <Link to={paths.connection} params={{ id: connection.id }} className="link">
              {account.login}
            </Link>
          ) : (
            account.login
          )}
        </h3>
        {shown !== null && <StateChip state={shown.state}>{shown.word}</StateChip>}
        <small>
          {nameForm(connection)}
          {kind === 'app' ? ` on ${account.type === 'Organization' ? 'an organisation' : 'an account'}` : ''}
          {kind !== 'app' && !connection.mine ? ', by somebody else of this workspace' : ''}
        </small>
      </div>
      <ConnectionMessage connection={connection} />
      <ConnectionTimes connection={connection} />
      {connection.isReading && <BudgetLines connectionId={connection.id} />}
      <GrantList connection={connection} />
      <ConnectionActs connection={connection} ways={ways} />
    </li>
  );
}

export function ConnectionMessage({ connection }: { connection: ConnectionView }): ReactElement | null {
  // That all is well needs no sentence.
  if (connection.state === 'ok') return null;
  return (
    <p className="connection-message">
      {connection.message}
      {connection.help !== null && (
        <>
          {' '}
          <a className="link" href={connection.help} target="_blank" rel="noreferrer noopener">
            Mend it at GitHub
          </a>
        </>
      )}
    </p>
  );
}

/** What is read with it and when that was last done, in one quiet line. */
export function ConnectionTimes({ connection }: { connection: ConnectionView }): ReactElement {
  const { me } = useViewer();
  const [now] = useState(() => new Date());
  const { sources, state, since, checkedAt, lastGoodAt, expiresAt } = connection;
  const at = (instant: string): string => formatInstant(instant, me.effectiveZone, now);
  const parts = [
    sources === 0
      ? 'no repository is watched'
      : `${formatCount(sources)} ${nameUnit(sources, 'repositories')} watched${lastGoodAt === null ? '' : `, last read ${at(lastGoodAt)}`}`,
    ...(state === 'ok' || state === 'unchecked' ? [] : [`like this since ${at(since)}`]),
    ...(checkedAt === null ? [] : [`checked ${at(checkedAt)}`]),
    ...(expiresAt === null ? [] : [`${new Date(expiresAt) < now ? 'ran out' : 'runs out'} ${at(expiresAt)}`]),
  ];
  return <p className="connection-times">{parts.join(' · ')}</p>;
}
