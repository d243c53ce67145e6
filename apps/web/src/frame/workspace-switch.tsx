import { lazy, Suspense, type ReactElement } from 'react';
import { Icon } from '@devpulse/ui/icon.tsx';
import { Mark } from '@devpulse/ui/mark.tsx';
import { useViewer } from './use-viewer.ts';

const WorkspaceMenu = lazy(async () => ({ default: (await import('./workspace-menu.tsx')).WorkspaceMenu }));

/** Which workspace is looked at, and the way to others, to a new one and to its settings. */
export function WorkspaceSwitch(): ReactElement {
  const { session, me, workspace } = useViewer();
  const view = session.workspace?.kind === 'demo' ? 'Nothing here is real' : `${me.name}’s view`;
  const face = (
    <>
      <Mark />
      <span className="side-label">
        <b>{workspace.name}</b> <small>{view}</small>
      </span>
      <span className="side-label side-down">
        <Icon name="down" size="small" />
      </span>
    </>
  );
  return (
    // The same face until it can be pressed.
    <Suspense fallback={<div className="side-workspace">{face}</div>}>
      <WorkspaceMenu label={`${workspace.name}, ${view}: switch the workspace`} face={face} />
    </Suspense>
  );
}
