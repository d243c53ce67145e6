import { describeError } from '../api-error.ts';
import { api } from '../api.ts';
import { paths } from '../paths.ts';
import { addToast } from './toasts.ts';

/** Goes to another workspace. The page starts anew, so that nothing of the one before stays in memory. */
export async function enterWorkspace(workspaceId: string): Promise<void> {
  try {
    await api.switchWorkspace(workspaceId);
    location.assign(paths.home);
  } catch (error) {
    addToast({ text: `The workspace could not be opened. ${describeError(error)}` });
  }
}
