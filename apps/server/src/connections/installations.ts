import { sql } from 'kysely';
import { z } from 'zod';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { InstallationView } from '@devpulse/contract/wire/connections';
import { readNextLink } from '@devpulse/http-client/resolve-address';
import { type InstanceApp, readApp } from './app-store.ts';
import { askAsApp } from './ask-as-app.ts';
import type { ConnectionRow } from './connection-rows.ts';
import type { GithubParts } from './github-parts.ts';
import { installationShape, noteInstallation } from './note-installation.ts';

/** An installation of the App, in whatever workspace. */
export interface InstallationRow {
  number: string;
  account_number: string;
  account_login: string;
  account_type: string;
  repository_selection: 'all' | 'selected';
  permissions: Record<string, string>;
  html_url: string;
  suspended_at: Date | null;
  removed_at: Date | null;
  seen_at: Date;
  workspace_id: string | null;
}

/** Those that are known, all of them or those on these accounts. */
export async function readInstallations(
  { store, github }: Pick<GithubParts, 'store' | 'github'>,
  accountNumbers: readonly string[] | null,
): Promise<InstallationRow[]> {
  const accounts = accountNumbers === null ? null : [...accountNumbers];
  const { rows } =
    await sql<InstallationRow>`select * from list_installations(${github.host}, ${accounts}::text[])`.execute(
      store.app,
    );
  return rows;
}

/** How a workspace is told of one: of others only that it is taken. */
export function viewInstallation(
  row: InstallationRow,
  workspaceId: string,
  connections: readonly ConnectionRow[],
): InstallationView {
  const isHere = row.workspace_id === workspaceId;
  return {
    number: row.number,
    account: { number: row.account_number, login: row.account_login, type: row.account_type },
    repositories: row.repository_selection,
    state: row.removed_at !== null ? 'removed' : row.suspended_at !== null ? 'suspended' : 'ok',
    url: row.html_url,
    claim: isHere ? 'here' : row.workspace_id === null ? 'free' : 'elsewhere',
    connectionId: isHere ? (connections.find((one) => one.installation_number === row.number)?.id ?? null) : null,
  };
}

const pagesMax = 100;

/**
 * Has GitHub list every installation; those that are gone from the list, and of which GitHub knows nothing when it is asked for
 * them, were removed. Answers what can be read again.
 */
export async function refreshInstallations(parts: GithubParts): Promise<{ workspaceId: string; sourceId: string }[]> {
  const app = await readApp(parts);
  if (app === null) return [];
  const seen = new Set<string>();
  const revived: { workspaceId: string; sourceId: string }[] = [];
  for (let page = 1; ; page += 1) {
    const { status, json, headers } = await askAsApp(parts, app, {
      path: `/app/installations?per_page=100&page=${page}`,
    });
    const listed = z.array(installationShape).safeParse(json);
    if (status !== 200 || !listed.success)
      throw new SourceRefused('failed', `GitHub answered ${status} when asked for the installations.`, { status });
    for (const one of listed.data) {
      seen.add(String(one.id));
      const noted = await noteInstallation(parts, one);
      if (noted.workspaceId !== null)
        for (const sourceId of noted.revived) revived.push({ workspaceId: noted.workspaceId, sourceId });
    }
    if (readNextLink(headers.get('link')) === null) break;
    // Taking half a list for the whole would end the installations that stand in the other half.
    if (page === pagesMax) throw new SourceRefused('partial', `The App has more than ${pagesMax * 100} installations.`);
  }
  for (const row of await readInstallations(parts, null))
    if (!seen.has(row.number) && row.removed_at === null && (await isGone(parts, app, row.number)))
      await noteInstallation(parts, shapeOf(row), true);
  return revived;
}

/** One that was removed while the list was read moves the next one over the edge of a page: not listed is not gone. */
async function isGone(parts: GithubParts, app: InstanceApp, number: string): Promise<boolean> {
  return (await askAsApp(parts, app, { path: `/app/installations/${number}` })).status === 404;
}

/** As GitHub would tell it once more, for what it tells no more. */
function shapeOf(row: InstallationRow): z.infer<typeof installationShape> {
  return {
    id: Number(row.number),
    account: { id: Number(row.account_number), login: row.account_login, type: row.account_type },
    repository_selection: row.repository_selection,
    permissions: row.permissions,
    html_url: row.html_url,
    suspended_at: row.suspended_at?.toISOString() ?? null,
  };
}
