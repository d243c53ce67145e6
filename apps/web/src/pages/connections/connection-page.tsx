import './connections.css';
import '../sources/sources.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ConnectionList, ConnectionView } from '@devpulse/contract/wire/connections';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { StateChip } from '@devpulse/ui/state-chip.tsx';
import { useMay } from '../../frame/use-may.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { useParam } from '../../router/use-router.ts';
import { AskedList } from '../settings/security/asked-list.tsx';
import { BudgetLines } from './budget-lines.tsx';
import { ConnectionActs } from './connection-acts.tsx';
import { ConnectionMessage, ConnectionTimes } from './connection-row.tsx';
import { connectionsQuery } from './connections-api.ts';
import { nameForm, showConnection } from './describe-connection.ts';
import { GrantList } from './grant-list.tsx';
import { Organisations } from './organisations.tsx';
import { Reading } from './reading.tsx';
import { ReachedRepositories } from './reached-repositories.tsx';

/** One connection: what it reaches, which of that is read, and how far the reading is. */
export function ConnectionPage(): ReactElement {
  const id = useParam('id');
  const mayManage = useMay('sources.manage');
  const query = useQuery({ ...connectionsQuery, enabled: mayManage });
  return (
    <div className="page-body connections">
      <p className="connection-up">
        <Link to={paths.connections} className="link">
          All connections
        </Link>
      </p>
      {mayManage ? (
        <AskedList what="The connection" query={query}>
          {(list) => <Found list={list} connection={list.connections.find((one) => one.id === id)} />}
        </AskedList>
      ) : (
        <EmptyState title="Connections are made by owners and admins.">
          What they connect is read for the whole workspace.
        </EmptyState>
      )}
    </div>
  );
}

function Found(props: { list: ConnectionList; connection: ConnectionView | undefined }): ReactElement {
  const { list, connection } = props;
  if (connection === undefined)
    return (
      <EmptyState title="There is no such connection here.">
        It may have been erased, or be of another workspace.
      </EmptyState>
    );
  const shown = showConnection(connection);
  const isOpen = connection.kind === 'app' || connection.mine;
  return (
    <>
      <section className="connection-own" aria-labelledby="connection-login">
        <div className="connection-head">
          <h2 id="connection-login">{connection.account.login}</h2>
          {shown !== null && <StateChip state={shown.state}>{shown.word}</StateChip>}
          <small>{nameForm(connection)}</small>
        </div>
        <ConnectionMessage connection={connection} />
        <ConnectionTimes connection={connection} />
        {connection.isReading && <BudgetLines connectionId={connection.id} />}
        <GrantList connection={connection} />
        <ConnectionActs connection={connection} ways={list.ways} isOwnPage />
      </section>
      {connection.sources > 0 && <Reading connection={connection} />}
      {isOpen ? (
        <>
          <Organisations connection={connection} />
          <ReachedRepositories connection={connection} />
        </>
      ) : (
        <EmptyState title="What this connection reaches is shown to whoever connected it.">
          The repositories that are watched with it stand under Sources, for everybody.
        </EmptyState>
      )}
    </>
  );
}
