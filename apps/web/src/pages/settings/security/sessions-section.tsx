import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import type { SessionEntry } from '@devpulse/contract/wire/devices';
import { Button } from '@devpulse/ui/button.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Menu, type MenuItem } from '@devpulse/ui/menu.tsx';
import { describeError } from '../../../api-error.ts';
import { addToast } from '../../../frame/toasts.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { AskedList } from './asked-list.tsx';
import { EndOthers } from './end-others.tsx';
import { RenameDialog } from './rename-dialog.tsx';
import { devicesQuery, securityApi, sessionsQuery } from './security-api.ts';

/** The browsers in which one is signed in. */
export function SessionsSection(): ReactElement {
  const query = useQuery(sessionsQuery);
  // Null while it is not known: the answer may have failed, and then there may be some.
  const devices = useQuery(devicesQuery).data?.devices.filter(({ state }) => state === 'active').length ?? null;
  const [ending, setEnding] = useState(false);
  return (
    <div className="signed-in">
      <p className="page-note">
        A session ends 30 days after it was last used, and after 180 days in any case. When it is ended here, its next
        request is refused.
      </p>
      <AskedList what="The sessions" query={query}>
        {({ sessions }) => (
          <>
            <ul className="signed-list" aria-label="Sessions">
              {sessions.map((session) => (
                <SessionRow key={session.id} session={session} />
              ))}
            </ul>
            {(devices === null || sessions.length + devices > 1) && (
              <div>
                <Button onClick={() => setEnding(true)}>Sign out everywhere else</Button>
              </div>
            )}
            {ending && <EndOthers sessions={sessions.length - 1} devices={devices} onClose={() => setEnding(false)} />}
          </>
        )}
      </AskedList>
    </div>
  );
}

function SessionRow({ session }: { session: SessionEntry }): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const [naming, setNaming] = useState(false);
  const name = nameOf(session);
  const end = useMutation({
    mutationFn: () => securityApi.endSession(session.id),
    onSuccess: () => addToast({ text: `${name} is signed out.` }),
    onError: (error) => addToast({ text: `${name} could not be signed out. ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const items: MenuItem[] = [{ id: 'name', label: 'Name it', onSelect: () => setNaming(true) }];
  if (!session.current)
    items.push({ id: 'end', label: 'Sign out', icon: 'sign_out', tone: 'danger', onSelect: () => end.mutate() });
  const lastSeen = formatInstant(session.lastSeenAt, me.effectiveZone);
  return (
    <li className="signed-row">
      <div>
        <h3>
          {name}
          {session.current && <span className="signed-mark">This one</span>}
        </h3>
        <p>
          {session.name !== null && `${describeBrowser(session)} · `}
          {session.address !== null && (
            <>
              from <span className="mono">{session.address}</span> ·{' '}
            </>
          )}
          since {formatInstant(session.signedInAt, me.effectiveZone)} ·{' '}
          {session.current ? 'in use' : `last used ${lastSeen}`}
        </p>
      </div>
      <Menu label={`${name}: menu`} items={items} />
      {naming && (
        <RenameDialog
          what="session"
          now={name}
          onClose={() => setNaming(false)}
          onRename={async (next) =>
            client.setQueryData(sessionsQuery.queryKey, await securityApi.renameSession(session.id, next))
          }
        />
      )}
    </li>
  );
}

function nameOf(session: SessionEntry): string {
  return session.name ?? describeBrowser(session);
}

function describeBrowser({ browser, system }: SessionEntry): string {
  if (browser === null) return system === null ? 'A browser that does not say which' : `A browser on ${system}`;
  return system === null ? browser : `${browser} on ${system}`;
}
