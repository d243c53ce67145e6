import type { ReactElement, ReactNode } from 'react';
import { Menu } from '@devpulse/ui/menu.tsx';
import { paths } from '../paths.ts';
import { useNavigate } from '../router/use-router.ts';
import { enterWorkspace } from './enter-workspace.ts';
import { useViewer } from './use-viewer.ts';

/** Every workspace one may enter, the one that is looked at ticked, and what can be done about them. */
export function WorkspaceMenu({ label, face }: { label: string; face: ReactNode }): ReactElement {
  const { session } = useViewer();
  const navigate = useNavigate();
  return (
    <Menu
      label={label}
      className="side-workspace"
      button={face}
      items={[
        ...session.workspaces.map((one) => ({
          id: one.id,
          label: one.kind === 'demo' ? `${one.name} (made up)` : one.name,
          checked: one.id === session.workspace?.id,
          onSelect: () => {
            if (one.id !== session.workspace?.id) void enterWorkspace(one.id);
          },
        })),
        {
          id: 'settings',
          label: 'Workspace settings',
          icon: 'settings',
          parted: true,
          onSelect: () => void navigate({ to: paths.workspaceGeneral }),
        },
        { id: 'new', label: 'New workspace', icon: 'plus', onSelect: () => void navigate({ to: paths.workspaceNew }) },
      ]}
    />
  );
}
