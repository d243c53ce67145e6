import { type RawBuilder, sql } from 'kysely';
import type { Connector } from '@devpulse/contract/connector';
import { SourceUnreadable } from '@devpulse/contract/connector';
import type { AuthorList } from '@devpulse/contract/wire/sources';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { containsFolded } from './fold-text.ts';
import { suggestOwnIdentities } from './link-to-owner.ts';

const authorsMax = 200;
// Whom git believes to be at the keyboard is asked of each repository; the newest few know as much as all of them.
const askedSourcesMax = 10;

export interface ListAuthors {
  store: Store;
  connectors: ReadonlyMap<string, Connector>;
  workspaceId: string;
  personId: string;
  /** Left out or true: may be told how much each of them did. */
  seesEverybody?: boolean;
  search?: string | undefined;
}

/** Who wrote the commits, people only and by name, and which of them look like whoever asks. */
export async function listAuthors(asked: ListAuthors): Promise<AuthorList> {
  const [suggested, rows] = await Promise.all([suggestSelf(asked), readAuthors(asked)]);
  // Of very many those are shown who did most, since one of them is most likely meant; in the order of a list of names.
  const authors = rows
    .slice(0, authorsMax)
    .map((author) => (asked.seesEverybody === false && !author.mine ? { ...author, commits: null } : author))
    .toSorted((a, b) => (a.name ?? a.email ?? '').localeCompare(b.name ?? b.email ?? '', 'en'));
  return { suggested, authors, truncated: rows.length > authorsMax };
}

type Author = AuthorList['authors'][number];

/**
 * How many commits each of them is named on as the author: enough to recognize oneself. It counts identities, not people, and
 * leaves co-authors out, so it is none of the metrics and never shown as one.
 */
async function readAuthors(asked: ListAuthors): Promise<Author[]> {
  const { rows } = await asked.store.inWorkspace(asked.workspaceId, (trx) =>
    sql<Omit<Author, 'lastSeenAt'> & { last_seen_at: Date }>`
      select i.id as "identityId", i.name, i.email, count(distinct c.sha)::integer as commits, i.last_seen_at,
             coalesce(l.person_id = ${asked.personId}::uuid, i.id = ${asked.personId}::uuid) as mine
      from lens_commits c
      join fact_identities i on i.workspace_id = c.workspace_id and i.id = c.author_id
      left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id
      where c.workspace_id = ${ownWorkspace} and i.kind = 'person' and ${matches(asked.search)}
      group by i.workspace_id, i.id, l.person_id
      order by commits desc, i.last_seen_at desc, i.id
      limit ${authorsMax + 1}`.execute(trx),
  );
  return rows.map(({ last_seen_at, ...row }) => ({ ...row, lastSeenAt: last_seen_at.toISOString() }));
}

function matches(search: string | undefined): RawBuilder<boolean> {
  if (search === undefined) return sql`true`;
  return containsFolded(sql`concat_ws(' ', i.name, i.email, i.login)`, search);
}

async function suggestSelf(asked: ListAuthors): Promise<AuthorList['suggested']> {
  const { store, workspaceId } = asked;
  const sources = await store.inWorkspace(workspaceId, (trx) =>
    trx
      .selectFrom('sources')
      .where('workspace_id', '=', ownWorkspace)
      .select(['connector', 'settings'])
      .orderBy('created_at', 'desc')
      .limit(askedSourcesMax)
      .execute(),
  );
  const selves = await Promise.all(
    sources.map((source) => askSource(asked.connectors.get(source.connector), source.settings)),
  );
  const found = new Map<string, string>();
  const told = new Map(selves.flatMap((self) => (self === null ? [] : [[`${self.email} ${self.name}`, self]])));
  for (const { email, name } of told.values()) {
    const suggestions = await suggestOwnIdentities({
      store,
      workspaceId,
      ownerId: asked.personId,
      email: email ?? null,
      name: name ?? null,
    });
    for (const { identity, why } of suggestions) if (!found.has(identity.id)) found.set(identity.id, why);
  }
  return [...found].map(([identityId, why]) => ({ identityId, why }));
}

type Self = Awaited<ReturnType<NonNullable<Connector['suggestSelf']>>>;

async function askSource(connector: Connector | undefined, settings: unknown): Promise<Self> {
  if (connector?.suggestSelf === undefined) return null;
  try {
    return await connector.suggestSelf(connector.settings.parse(settings));
  } catch (error) {
    // A folder that is gone cannot tell who works in it; the source itself says so where sources are listed.
    if (error instanceof SourceUnreadable) return null;
    throw error;
  }
}
