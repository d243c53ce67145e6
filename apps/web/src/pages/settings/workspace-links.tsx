import type { ReactElement } from 'react';
import { useViewer } from '../../frame/use-viewer.ts';
import { paths } from '../../paths.ts';
import { Link } from '../../router/link.tsx';
import { OtherWorkspaces } from './other-workspaces.tsx';

/** The way to what holds for everybody, and on a phone to the other workspaces. */
export function WorkspaceLinks(): ReactElement {
  const { workspace } = useViewer();
  return (
    <div className="settings-device">
      <p>
        {workspace.name} has its own name, address, time zone and people, which hold for everybody in it:{' '}
        <Link to={paths.workspaceGeneral} className="link">
          settings of the workspace
        </Link>
        . You can also{' '}
        <Link to={paths.workspaceNew} className="link">
          make a new workspace
        </Link>
        .
      </p>
      <OtherWorkspaces />
    </div>
  );
}
