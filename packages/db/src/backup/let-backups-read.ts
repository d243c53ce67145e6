import type pg from 'pg';
import { backupRole } from '../prepare-roles.ts';

// The queue's own tables hold nudges only, and whoever starts next makes them anew.
const READABLE = `
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'S') and c.relpersistence = 'p' and n.nspname <> 'pgboss' and pg_has_role(c.relowner, 'usage')
    and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'`;

/**
 * Lets the login of backups read every table, rows of every workspace included. Runs after each migration, so that a table
 * which a later step adds is never missing from a backup. Without that login there is nothing to do.
 */
export async function letBackupsRead(client: pg.Client): Promise<void> {
  const found = await client.query('select 1 from pg_roles where rolname = $1', [backupRole]);
  if (found.rowCount === 0) return;
  const { rows } = await client.query<{ statement: string }>(
    `select statement from (
       select 1 as place, format('grant usage on schema %I to ${backupRole}', n.nspname) as statement ${READABLE}
         and not has_schema_privilege('${backupRole}', n.oid, 'usage') group by n.nspname
       union all
       select 2, format('grant select on %I.%I to ${backupRole}', n.nspname, c.relname) ${READABLE}
         and not has_table_privilege('${backupRole}', c.oid, 'select')
       union all
       select 3, format('create policy backup_reads on %I.%I for select to ${backupRole} using (true)', n.nspname, c.relname)
         ${READABLE} and c.relrowsecurity
         and not exists (select 1 from pg_policy p where p.polrelid = c.oid and p.polname = 'backup_reads')
     ) missing order by place, statement`,
  );
  for (const { statement } of rows) await client.query(statement);
}
