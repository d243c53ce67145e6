import type { ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';

/** What keeps a source from being read, and the way back. */
export function SourceTrouble({ source }: { source: SourceView }): ReactElement | null {
  const { lastError, connectionId, state } = source;
  if (lastError === null || (state !== 'failed' && lastError.code !== 'excluded')) return null;
  const leads =
    connectionId !== null && ['reconnect', 'denied', 'excluded', 'gone', 'missing'].includes(lastError.code);
  return (
    <p className={lastError.code === 'catching up' || lastError.code === 'excluded' ? 'source-told' : 'source-error'}>
      {lastError.code === 'reconnect'
        ? 'GitHub does not accept the connection any more. What was read stays.'
        : lastError.message}{' '}
      {leads && connectionId !== null ? (
        <Link to={paths.connection} params={{ id: connectionId }} className="link">
          {lastError.code === 'reconnect' ? 'Reconnect it' : 'See the connection'}
        </Link>
      ) : (
        lastError.code !== 'catching up' && 'It is tried again by itself; nothing that was read is lost.'
      )}
    </p>
  );
}
