const key = 'devpulse.invitation';

/** Keeps an invitation for as long as the tab is open: signing in, also by way of GitHub, leads away from its address. */
export function rememberInvitation(secret: string | null): void {
  try {
    if (secret === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, secret);
  } catch {
    // Without storage the link has to be opened once more after signing in.
  }
}

export function recallInvitation(): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    return null;
  }
}
