import { api } from '../api.ts';
import { describeError } from '../api-error.ts';
import { paths } from '../paths.ts';
import { rememberSignedIn } from '../remember-signed-in.ts';
import { addToast } from './toasts.ts';

/** Ends the session and loads the page anew, so that no figure stays in memory. */
export async function signOut(): Promise<void> {
  try {
    await api.signOut();
  } catch (error) {
    addToast({ text: `You are still signed in. ${describeError(error)}` });
    return;
  }
  rememberSignedIn(false);
  location.assign(paths.signIn);
}
