import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import type { Governor } from '@devpulse/http-client/governor';
import type { GithubApp } from '../accounts/better-auth/github-app.ts';
import type { ServerDeps } from '../deps.ts';
import { storeLog } from '../log.ts';
import type { Keyring } from '../secrets/keyring.ts';
import type { GithubHost } from './github-host.ts';

/** What connections to GitHub stand on. */
export interface GithubParts {
  store: Store;
  keyring: Keyring;
  github: GithubHost;
  /** The OAuth app that was configured; null where none was. */
  oauthApp: GithubApp | null;
  governor: Governor;
  log: Log;
  now(): Date;
}

/** The parts as routes have them. */
export function githubPartsOf(deps: ServerDeps): GithubParts {
  const { store, keyring, githubHost, governor, log, now } = deps;
  return { store, keyring, github: githubHost, oauthApp: deps.github, governor, log: storeLog(log), now };
}
