import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { enterWorkspace } from '../../frame/enter-workspace.ts';
import { useViewer } from '../../frame/use-viewer.ts';

/** The way to the others where there is no side bar: on a phone. */
export function OtherWorkspaces(): ReactElement | null {
  const { session } = useViewer();
  const others = session.workspaces.filter(({ id }) => id !== session.workspace?.id);
  if (others.length === 0) return null;
  return (
    <div className="settings-others">
      {others.map(({ id, name, kind }) => (
        <Button key={id} onClick={() => void enterWorkspace(id)}>
          {kind === 'demo' ? `Open ${name} (made up)` : `Open ${name}`}
        </Button>
      ))}
    </div>
  );
}
