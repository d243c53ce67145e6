import { type Permission, roleMay } from '@devpulse/contract/permissions';
import { useViewer } from './use-viewer.ts';

/** May whoever looks do this here? The table is the one the server refuses by; the role is the one it told last. */
export function useMay(permission: Permission): boolean {
  const { session } = useViewer();
  return session.workspace !== null && roleMay(session.workspace.role, permission);
}
