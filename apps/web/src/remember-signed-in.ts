const key = 'devpulse.signed-in';

/** A hint for the next visit, not a proof: only the server knows who is signed in. */
export function rememberSignedIn(signedIn: boolean): void {
  try {
    if (signedIn) localStorage.setItem(key, '1');
    else localStorage.removeItem(key);
  } catch {
    // Without storage the next visit only starts a little later.
  }
}

export function recallSignedIn(): boolean {
  try {
    return localStorage.getItem(key) === '1';
  } catch {
    return false;
  }
}
