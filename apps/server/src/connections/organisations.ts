import { sql } from 'kysely';
import { z } from 'zod';
import type { AskLane } from '@devpulse/contract/source-client';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { CredentialSource } from '@devpulse/http-client/credentials';
import { readLeftOut } from '@devpulse/http-client/read-answer';
import { askSigned } from './ask-signed.ts';
import type { GithubParts } from './github-parts.ts';

/** An organisation that a connection reaches. */
export interface SeenOrganisation {
  number: string;
  login: string;
}

/** Which organisations there are, and which of them want single sign-on first. */
export interface SeenOrganisations {
  organisations: SeenOrganisation[];
  /** Numbers. */
  wantSso: string[];
}

const organisationsSchema = z.array(z.looseObject({ id: z.number().int().positive(), login: z.string().min(1) }));

/** Asks for them; nothing where the grant does not reach so far. */
export async function askOrganisations(
  parts: GithubParts,
  credentials: CredentialSource,
  lane: AskLane,
): Promise<SeenOrganisations> {
  const answer = await askSigned(parts, credentials, { path: '/user/orgs?per_page=100', lane });
  const read = organisationsSchema.safeParse(answer.json);
  // Lists of repositories leave out what such an organisation owns, and say whose.
  const { headers } = await askSigned(parts, credentials, {
    path: '/user/repos?affiliation=organization_member&per_page=1',
    lane,
  });
  return {
    organisations:
      read.success && answer.status === 200 ? read.data.map(({ id, login }) => ({ number: String(id), login })) : [],
    wantSso: [...new Set([...readLeftOut(answer.headers), ...readLeftOut(headers)])],
  };
}

/** Keeps what was seen; whether one is switched on stays as somebody chose. */
export async function saveOrganisations(
  trx: WorkspaceTransaction,
  { workspaceId, connectionId, url }: { workspaceId: string; connectionId: string; url: string },
  seen: SeenOrganisations,
): Promise<void> {
  const known = new Map(seen.organisations.map((one) => [one.number, one.login]));
  for (const [number, login] of known) {
    const sso = seen.wantSso.includes(number) ? `${url}/orgs/${login}/sso` : null;
    await sql`
      insert into connection_organisations (workspace_id, connection_id, number, login, sso_url)
      values (${workspaceId}, ${connectionId}, ${number}, ${login}, ${sso})
      on conflict (workspace_id, connection_id, number) do update set
        login = excluded.login, sso_url = excluded.sso_url, seen_at = now()`.execute(trx);
  }
  // One that hides behind single sign-on is named by its number alone.
  await sql`
    update connection_organisations set sso_url = ${url} || '/orgs/' || login || '/sso'
    where workspace_id = ${ownWorkspace} and connection_id = ${connectionId}::uuid and number = any(${seen.wantSso}::text[])`.execute(
    trx,
  );
}
