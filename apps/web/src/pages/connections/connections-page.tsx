import './connections.css';
import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ConnectionList, ConnectionView } from '@devpulse/contract/wire/connections';
import { EmptyState } from '@devpulse/ui/empty-state.tsx';
import { useMay } from '../../frame/use-may.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { AskedList } from '../settings/security/asked-list.tsx';
import { ConnectionRow } from './connection-row.tsx';
import { connectionsQuery } from './connections-api.ts';
import { ReturnNote } from './return-note.tsx';
import { Ways } from './ways.tsx';

/** What GitHub lets this workspace read, how that stands, and the ways to more of it. */
export function ConnectionsPage(): ReactElement {
  const mayManage = useMay('sources.manage');
  return (
    <div className="page-body connections">
      {mayManage ? (
        <Connections />
      ) : (
        <EmptyState
          title="Connections are made by owners and admins."
          action={
            <Link to={paths.workspacePeople} className="btn">
              See who they are
            </Link>
          }
        >
          What they connect is read for the whole workspace; its numbers are on the board.
        </EmptyState>
      )}
    </div>
  );
}

function Connections(): ReactElement {
  const query = useQuery(connectionsQuery);
  return (
    <>
      <AskedList what="The connections" query={query}>
        {(list) => (
          <>
            <ReturnNote list={list} />
            <section aria-labelledby="connections-here">
              <h2 id="connections-here">Connected to {list.ways.host}</h2>
              {list.connections.length === 0 ? (
                <p className="page-note">
                  Nothing yet. Choose one of the three ways below; several accounts can stand side by side, and the same
                  commit counts once however many of them reach it.
                </p>
              ) : (
                <ConnectionRows list={list} />
              )}
            </section>
            <Ways list={list} />
          </>
        )}
      </AskedList>
    </>
  );
}

function ConnectionRows({ list }: { list: ConnectionList }): ReactElement {
  return (
    <ul className="connection-list" aria-label="Connections">
      {list.connections.toSorted(byNeed).map((connection) => (
        <ConnectionRow key={connection.id} connection={connection} ways={list.ways} />
      ))}
    </ul>
  );
}

/** Those that ask for something first, and those that were cut on purpose last. */
function byNeed(one: ConnectionView, other: ConnectionView): number {
  return weigh(one) - weigh(other) || one.account.login.localeCompare(other.account.login);
}

function weigh({ state }: ConnectionView): number {
  if (state === 'disconnected') return 2;
  return state === 'ok' || state === 'unchecked' ? 1 : 0;
}
