import { sql } from 'kysely';
import type { Store } from './open-store.ts';

interface GapRow {
  gap: string;
}

/**
 * Everything through which the application could see a workspace that it was not told to see; nothing when all is well. A query
 * that forgets to ask for its workspace is told nothing for as long as there is no gap, so a program that finds one must not serve.
 */
export async function findIsolationGaps(store: Pick<Store, 'app'>): Promise<string[]> {
  const { rows } = await sql<GapRow>`
    select c.relname || case when c.relrowsecurity then ' does not force row-level security' else ' has no row-level security' end as gap
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not (c.relrowsecurity and c.relforcerowsecurity)
      and has_table_privilege(c.oid, 'select') and (c.relname = 'workspaces' or exists (
        select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped))
    union all
    select c.relname || ' belongs to ' || current_user from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and pg_has_role(c.relowner, 'member')
    union all
    select 'the login ' || rolname || ' bypasses row-level security' from pg_roles
    where rolname = current_user and (rolsuper or rolbypassrls)`.execute(store.app);
  return rows.map((row) => row.gap).toSorted();
}
