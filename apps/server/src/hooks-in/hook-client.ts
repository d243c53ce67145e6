import type { AskLane } from '@devpulse/contract/source-client';
import { type HostClient, openSourceClient } from '@devpulse/http-client/open-client';
import type { CredentialSource } from '@devpulse/http-client/credentials';
import type { InstanceApp } from '../connections/app-store.ts';
import { signAppToken } from '../connections/ask-as-app.ts';
import type { GithubParts } from '../connections/github-parts.ts';
import { credentialsOf } from '../connections/read-credential.ts';

/** Asks GitHub about hooks as a connection. */
export function openHookClient(
  parts: GithubParts,
  { workspaceId, connectionId, lane }: { workspaceId: string; connectionId: string; lane: AskLane },
): HostClient {
  return openClient(parts, lane, credentialsOf(parts, workspaceId, connectionId));
}

/** Asks about the App's own hook, as the App. `aheadMs`: how far GitHub's clock is before ours, which its proofs go by. */
export function openAppClient(parts: GithubParts, app: InstanceApp, aheadMs: number): HostClient {
  return openClient(parts, 'live', {
    read: async () => ({
      authorization: `Bearer ${await signAppToken(app, new Date(parts.now().getTime() + aheadMs))}`,
      budget: `${parts.github.host}|app|${app.number}`,
      version: 1,
      expiresAt: null,
    }),
    refused: async () => 'give up',
  });
}

function openClient(parts: GithubParts, lane: AskLane, credentials: CredentialSource): HostClient {
  return openSourceClient({
    host: parts.github.host,
    apiUrl: parts.github.apiUrl,
    lane,
    credentials,
    governor: parts.governor,
    now: () => parts.now(),
    log: { info: (fields, message) => parts.log('info', message, { ...fields }) },
  });
}
