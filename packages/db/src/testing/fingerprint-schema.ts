import type pg from 'pg';

const questions = [
  `select 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text, a.attstorage::text, pg_get_expr(d.adbin, d.adrelid)
   from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped`,
  `select 'relation', c.relname, c.relkind::text, c.relrowsecurity::text, c.relforcerowsecurity::text, c.reloptions::text, c.relowner::regrole::text, c.relacl::text
   from pg_class c where c.relnamespace = 'public'::regnamespace`,
  `select 'view', c.relname, pg_get_viewdef(c.oid) from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('v', 'm')`,
  `select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'`,
  `select 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid) from pg_constraint where connamespace = 'public'::regnamespace`,
  `select 'policy', tablename, policyname, permissive, roles::text, cmd, qual, with_check from pg_policies where schemaname = 'public'`,
  `select 'function', p.proname, pg_get_functiondef(p.oid), p.proowner::regrole::text, p.proacl::text from pg_proc p where p.pronamespace = 'public'::regnamespace`,
  `select 'trigger', tgrelid::regclass::text, tgname from pg_trigger where not tgisinternal`,
  `select 'type', t.typname, t.typtype::text from pg_type t where t.typnamespace = 'public'::regnamespace`,
  `select 'schema', nspname, nspacl::text from pg_namespace where nspname !~ '^pg_(temp|toast)'`,
];

// One question for all: asked hundreds of times by the tests of migrations, each trip and each column is felt.
const everything = questions.map((question) => `select part::text as line from (${question}) part`).join(' union all ');

/** Everything the catalogue tells of a schema, and which migrations it says it has: equal lines mean equal schemas. */
export async function fingerprintSchema(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ has: boolean }>(`select to_regclass('schema_migrations') is not null as has`);
  const steps = `select part::text from (select 'migration', version, name, checksum from schema_migrations) part`;
  const text = rows[0]?.has === true ? `${everything} union all ${steps}` : everything;
  const found = await client.query<{ line: string }>(text);
  return found.rows.map(({ line }) => line).toSorted();
}
