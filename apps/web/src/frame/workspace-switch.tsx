import type { ReactElement } from 'react';
import { Icon } from '@devpulse/ui/icon.tsx';
import { Mark } from '@devpulse/ui/mark.tsx';
import { Menu } from '@devpulse/ui/menu.tsx';
import { enterWorkspace } from './enter-workspace.ts';
import { useViewer } from './use-viewer.ts';

/** Which workspace is looked at; a switch only where there is more than one. */
export function WorkspaceSwitch(): ReactElement {
  const { session, me, workspace } = useViewer();
  const several = session.workspaces.length > 1;
  const view = session.workspace?.kind === 'demo' ? 'Made-up data' : `${me.name}’s view`;
  const face = (
    <>
      <Mark />
      <span className="side-label">
        <b>{workspace.name}</b> <small>{view}</small>
      </span>
      {several && (
        <span className="side-label" style={{ flex: 'none' }}>
          <Icon name="down" size="small" />
        </span>
      )}
    </>
  );
  if (!several) return <div className="side-workspace">{face}</div>;
  return (
    <Menu
      label={`${workspace.name} ${view}: switch the workspace`}
      className="side-workspace"
      button={face}
      items={session.workspaces.map((one) => ({
        id: one.id,
        label: one.kind === 'demo' ? `${one.name} (made-up data)` : one.name,
        checked: one.id === session.workspace?.id,
        onSelect: () => void enterWorkspace(one.id),
      }))}
    />
  );
}
