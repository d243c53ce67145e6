import { sql } from 'kysely';
import { neededPermissions, neededScopes } from '@devpulse/connectors/github/needs';
import type { ConnectionList, ConnectionView } from '@devpulse/contract/wire/connections';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { readApp } from './app-store.ts';
import { type ConnectionRow, readConnection, readConnections } from './connection-rows.ts';
import { canRead, describeState } from './connection-states.ts';
import type { GithubParts } from './github-parts.ts';
import { describeGrants, usualScopes } from './grants.ts';
import { findOauthClient } from './oauth-client.ts';

interface Counts {
  connection_id: string;
  sources: number;
  last_good_at: Date | null;
}

/** Every connection of the workspace with how it is, and how more can be added. Asks nobody but the store. */
export async function listConnections(
  parts: GithubParts,
  workspaceId: string,
  personId: string,
): Promise<ConnectionList> {
  const connections = await parts.store.inWorkspace(workspaceId, async (trx) => {
    const counts = await readCounts(trx);
    return (await readConnections(trx)).map((row) => view(parts, row, counts.get(row.id), personId));
  });
  return { connections, ways: await describeWays(parts) };
}

export async function viewConnection(
  parts: GithubParts,
  workspaceId: string,
  id: string,
  personId: string,
): Promise<ConnectionView> {
  return parts.store.inWorkspace(workspaceId, async (trx) => {
    const row = await readConnection(trx, id);
    return view(parts, row, (await readCounts(trx)).get(id), personId);
  });
}

async function readCounts(trx: WorkspaceTransaction): Promise<Map<string, Counts>> {
  const { rows } = await sql<Counts>`
    select connection_id, count(*)::integer as sources, max(last_checked_at) as last_good_at
    from sources where workspace_id = ${ownWorkspace} and connection_id is not null group by connection_id`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.connection_id, row]));
}

function view(parts: GithubParts, row: ConnectionRow, counts: Counts | undefined, personId: string): ConnectionView {
  const { state, state_detail: detail } = row;
  return {
    id: row.id,
    kind: row.kind,
    form: row.form,
    host: row.host,
    account: { number: row.account_number, login: row.login, type: row.account_type },
    personId: row.person_id,
    mine: row.person_id === personId,
    state,
    message: describeState({ kind: row.kind, login: row.login, state, detail }),
    help: helpOf(parts, row),
    since: row.state_since.toISOString(),
    isReading: canRead(state),
    grants: describeGrants(row),
    expiresAt: row.expires_at?.toISOString() ?? null,
    checkedAt: row.checked_at?.toISOString() ?? null,
    lastGoodAt: counts?.last_good_at?.toISOString() ?? null,
    sources: counts?.sources ?? 0,
    installation:
      row.installation_number === null
        ? null
        : {
            number: row.installation_number,
            repositories: row.repository_selection ?? 'all',
            url: installationUrl(parts, row),
          },
  };
}

/** Where at GitHub it is mended; null where nothing there helps. */
function helpOf(parts: GithubParts, row: ConnectionRow): string | null {
  const { url } = parts.github;
  const told = row.state_detail?.url;
  // Only pages of that GitHub: what an answer says is shown as a link.
  if (told !== undefined && told.startsWith(`${url}/`)) return told;
  if (row.state === 'suspended' || (row.state === 'narrowed' && row.kind === 'app')) return installationUrl(parts, row);
  if (row.state === 'sso' || row.state === 'narrowed')
    return row.kind === 'token' ? `${url}/settings/tokens` : `${url}/settings/applications`;
  return null;
}

function installationUrl({ github: { url } }: GithubParts, row: ConnectionRow): string {
  const number = row.installation_number ?? '';
  return row.account_type === 'Organization'
    ? `${url}/organizations/${row.login}/settings/installations/${number}`
    : `${url}/settings/installations/${number}`;
}

async function describeWays(parts: GithubParts): Promise<ConnectionList['ways']> {
  const { host, url } = parts.github;
  const app = await readApp(parts);
  const scopes = usualScopes.join(',');
  return {
    host,
    oauth: (await findOauthClient(parts)) !== null,
    app: app === null ? null : { name: app.name, slug: app.slug, installUrl: installUrlOf(parts, app) },
    newTokenUrl: `${url}/settings/tokens/new?description=DevPulse&scopes=${encodeURIComponent(scopes)}`,
    newFineGrainedTokenUrl: `${url}/settings/personal-access-tokens/new`,
    scopes: neededScopes.map(({ name, reason, isOptional }) => ({
      name,
      reason,
      required: !isOptional,
      usual: usualScopes.includes(name),
    })),
    permissions: neededPermissions.map(({ name, reason, isOptional, level }) => ({
      name,
      reason,
      required: !isOptional,
      access: level,
    })),
  };
}

/** Where the App is installed: below its own page, which GitHub names, and which is nowhere but at GitHub. */
export function installUrlOf(
  { github: { url } }: Pick<GithubParts, 'github'>,
  app: { slug: string; url: string },
): string {
  const page = app.url.startsWith(`${url}/`) ? app.url : `${url}/apps/${app.slug}`;
  return `${page}/installations/new`;
}
