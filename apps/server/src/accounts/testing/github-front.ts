import { openGithub } from '../../../../../test/github/open-github.ts';
import type { GithubApp } from '../better-auth/github-app.ts';

/** An account at the made-up GitHub. */
export interface GithubUser {
  id: number;
  login: string;
  name: string;
  emails: { email: string; primary: boolean; verified: boolean }[];
}

/** GitHub's counterpart, as whoever only signs in with it needs it. */
export interface GithubFront {
  app: GithubApp;
  /** Whoever signs in next; what they are called and where they get mail can have changed since. Null: they say no. */
  be(user: GithubUser | null): void;
  /** Whether it answers every token as one that was taken back. */
  revoke(all: boolean): void;
  /** Every token it gave out, and for which scopes. */
  granted: { token: string; scope: string }[];
  /** What was asked of it wrongly, such as a verifier that does not fit. */
  refused: string[];
  close(): Promise<void>;
}

export interface GithubFrontOptions {
  /** Where it may send people back to; null: anywhere. */
  callback: string | null;
  /** The emulator's own page is shown, for a browser with somebody before it. */
  withPage?: boolean;
}

export async function openGithubFront({ callback, withPage = false }: GithubFrontOptions): Promise<GithubFront> {
  const github = await openGithub({ withPage, ...(callback === null ? {} : { callbacks: [callback] }) });
  const { client, signIn, world } = github;
  return {
    app: { clientId: client.id, clientSecret: client.secret, url: github.url, apiUrl: github.apiUrl },
    be: (user) => {
      if (user === null) {
        signIn.user = null;
        return;
      }
      const known = world.accounts.get(user.id);
      // A number is somebody for good; a name may have been somebody else's.
      signIn.user = Object.assign(
        known ?? { type: 'User' as const, createdAt: '2015-01-01T00:00:00Z', members: new Map(), teams: [] },
        user,
      );
      world.accounts.set(user.id, signIn.user);
    },
    revoke: (all) => github.refuseAllTokens(all),
    granted: signIn.granted,
    refused: signIn.refused,
    close: () => github.close(),
  };
}
