import { type RawBuilder, sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { IdentityKind } from '@devpulse/contract/kind-rules';
import type { IdentityView } from '@devpulse/contract/wire/people';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** An identity with what people decided about it. */
export interface IdentityRow {
  id: string;
  source: string;
  external_key: string;
  email: string | null;
  login: string | null;
  name: string | null;
  kind: IdentityKind;
  kind_signal: string;
  kind_decided: boolean;
  person_id: string;
  linked: boolean;
  first_seen_at: Date;
  last_seen_at: Date;
}

/** `i` is the identity, `l` its link; `person_id` is set whatever its kind, unlike in the lenses. */
export function identityQuery(where: RawBuilder<unknown>): RawBuilder<IdentityRow> {
  return sql<IdentityRow>`
    select i.id, i.source, i.external_key, i.email, i.login, i.name, i.kind, i.kind_signal, o.kind is not null as kind_decided,
           coalesce(l.person_id, i.id) as person_id, l.person_id is not null as linked, i.first_seen_at, i.last_seen_at
    from fact_identities i
    left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
    left join people_kind_overrides o on o.workspace_id = i.workspace_id and o.identity_id = i.id
    where i.workspace_id = ${ownWorkspace} and (${where})`;
}

/** Those that stand for one of these persons: linked to them, or never linked and their own. */
export async function readIdentitiesOf(
  trx: WorkspaceTransaction,
  personIds: readonly string[],
): Promise<IdentityRow[]> {
  if (personIds.length === 0) return [];
  const own = sql`l.person_id = any(${personIds}::uuid[]) or (i.id = any(${personIds}::uuid[]) and l.person_id is null)`;
  const { rows } = await sql<IdentityRow>`${identityQuery(own)} order by i.first_seen_at, i.id`.execute(trx);
  return rows;
}

/** Exactly these identities, in the order asked for; one that is not there is an error that names it. */
export async function readIdentities(
  trx: WorkspaceTransaction,
  identityIds: readonly string[],
): Promise<IdentityRow[]> {
  const { rows } = await identityQuery(sql`i.id = any(${identityIds}::uuid[])`).execute(trx);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const missing = identityIds.filter((id) => !byId.has(id));
  if (missing.length > 0) throw new AppError('not_found', `There is no identity ${missing.join(', ')}.`);
  return identityIds.flatMap((id) => byId.get(id) ?? []);
}

/** The row in the shape of the API. */
export function toIdentityView(row: IdentityRow): IdentityView {
  return {
    id: row.id,
    source: row.source,
    email: row.email,
    login: row.login,
    name: row.name,
    kind: row.kind,
    kindSignal: row.kind_signal,
    kindDecided: row.kind_decided,
    personId: row.person_id,
    linked: row.linked,
    firstSeenAt: row.first_seen_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
  };
}

/** How an identity is named in a sentence. */
export function describeIdentity(row: Pick<IdentityRow, 'id' | 'name' | 'email' | 'login'>): string {
  const address = row.email ?? row.login;
  if (row.name !== null && address !== null) return `${row.name} <${address}>`;
  return row.name ?? address ?? row.id;
}
