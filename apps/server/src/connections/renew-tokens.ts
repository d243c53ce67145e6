import { z } from 'zod';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { ConnectionState } from '@devpulse/contract/wire/connections';
import { readApp } from './app-store.ts';
import { askAsApp } from './ask-as-app.ts';
import type { ConnectionRow } from './connection-rows.ts';
import type { KeptTokens, Tokens } from './connection-secrets.ts';
import type { StateDetail } from './connection-states.ts';
import { exchangeRefresh } from './exchange-grant.ts';
import type { GithubParts } from './github-parts.ts';
import { findClientOf } from './oauth-client.ts';

/** New tokens, or the state in which the connection is instead. What may go well another time throws `SourceRefused`. */
export type Renewed = { tokens: Tokens } | { state: ConnectionState; detail?: StateDetail };

const installationTokenSchema = z.looseObject({
  token: z.string().min(1),
  expires_at: z.iso.datetime({ offset: true }),
});

/** May this connection come by new tokens without a person? */
export function canRenew(row: ConnectionRow, kept: KeptTokens | null, now: Date): boolean {
  if (row.kind === 'app') return true;
  if (kept === null || kept.refresh === null) return false;
  return kept.refreshExpiresAt === null || kept.refreshExpiresAt > now;
}

/** Asks GitHub for new tokens. Only for whoever holds the lease: a refresh token counts once. */
export function renewTokens(parts: GithubParts, row: ConnectionRow, kept: KeptTokens | null): Promise<Renewed> {
  return row.kind === 'app' ? renewInstallation(parts, row) : renewGrant(parts, row, kept?.refresh ?? '');
}

async function renewInstallation(parts: GithubParts, row: ConnectionRow): Promise<Renewed> {
  const app = await readApp(parts);
  if (app === null) return { state: 'removed' };
  const path = `/app/installations/${row.installation_number ?? ''}/access_tokens`;
  const { status, json } = await askAsApp(parts, app, { method: 'POST', path });
  if (status === 404) return { state: 'removed' };
  // The only reason for which GitHub refuses an App a token of its own installation.
  if (status === 403) return { state: 'suspended' };
  const given = installationTokenSchema.safeParse(json);
  if (status !== 201 || !given.success)
    throw new SourceRefused('failed', `GitHub answered ${status} without a token for the installation`, { status });
  return {
    tokens: {
      access: given.data.token,
      refresh: null,
      accessExpiresAt: new Date(given.data.expires_at),
      refreshExpiresAt: null,
    },
  };
}

async function renewGrant(parts: GithubParts, row: ConnectionRow, refresh: string): Promise<Renewed> {
  const client = await findClientOf(parts, row.client_id);
  if (client === null) return { state: 'dead' };
  const exchanged = await exchangeRefresh(parts, client, refresh);
  if (!('error' in exchanged)) return { tokens: exchanged.tokens };
  // Of ours, not of the grant: it counts again when whoever runs the instance has mended the settings.
  if (exchanged.error === 'incorrect_client_credentials')
    throw new SourceRefused('failed', 'GitHub does not accept the client secret of this instance.');
  return { state: 'dead', detail: { said: exchanged.error.slice(0, 100) } };
}
