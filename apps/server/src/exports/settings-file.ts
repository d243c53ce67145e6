import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import { identityKinds } from '@devpulse/contract/kind-rules';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

/** An author, by what the source calls it: ids differ from one instance to the next. */
const authorSchema = z.strictObject({ source: z.string().max(100), key: z.string().max(2000) });
/** Somebody: a number in `people`, or an author that stands for itself. */
const whoSchema = z.union([z.int().nonnegative(), authorSchema]);
const day = z.iso.date();

/** `settings.json`: what people decided in a workspace, without any id of the instance it comes from. */
export const settingsFileSchema = z.strictObject({
  workspace: z.strictObject({
    name: z.string().min(1).max(200),
    zone: z.string().max(100),
    weekStart: z.int().min(1).max(7),
    rawRetentionDays: z.int().min(1),
    departedPeople: z.enum(['keep', 'anonymise']).default('keep'),
  }),
  /** The first one is whoever asked for the export. */
  people: z
    .array(
      z.strictObject({
        author: authorSchema.nullable(),
        name: z.string().min(1).max(300),
        zone: z.string().max(100).nullable(),
        restWeekdays: z.array(z.int().min(1).max(7)),
        bio: z.string().max(500),
        holidays: z.array(z.strictObject({ day, name: z.string().max(300) })),
        freezes: z.array(day),
      }),
    )
    .min(1),
  links: z.array(z.strictObject({ ...authorSchema.shape, person: whoSchema, reason: z.string() })),
  declined: z.array(z.tuple([authorSchema, authorSchema])),
  rules: z.array(
    z.strictObject({
      field: z.enum(['source_kind', 'login', 'email', 'name']),
      pattern: z.string().min(1).max(300),
      kind: z.enum(identityKinds),
      reason: z.string(),
      priority: z.int(),
      builtIn: z.boolean(),
      enabled: z.boolean(),
    }),
  ),
  overrides: z.array(z.strictObject({ ...authorSchema.shape, kind: z.enum(identityKinds), reason: z.string() })),
  /** What somebody decided pull requests are; `key` is that of their repository. */
  changes: z
    .array(
      z.strictObject({
        ...authorSchema.shape,
        number: z.int().positive(),
        kind: z.enum(['human', 'assisted', 'agent', 'automation']),
        reason: z.string(),
      }),
    )
    .default([]),
  calendar: z
    .strictObject({ workingWeekdays: z.array(z.int().min(1).max(7)), fromMinute: z.int(), untilMinute: z.int() })
    .nullable(),
  calendarHolidays: z.array(z.strictObject({ day, name: z.string().min(1).max(200) })),
  sources: z.array(
    z.strictObject({ connector: z.string(), naturalKey: z.string(), name: z.string(), settings: z.unknown() }),
  ),
});
export type SettingsFile = z.infer<typeof settingsFileSchema>;

/** Reads the settings of the transaction's workspace; `personId` comes first. */
export async function readSettingsFile(trx: WorkspaceTransaction, personId: string): Promise<SettingsFile> {
  const people = await readPeople(trx, personId);
  const numbers = new Map(people.map(({ id }, number) => [id, number]));
  const workspace = await trx
    .selectFrom('workspaces')
    .where('id', '=', ownWorkspace)
    .selectAll()
    .executeTakeFirstOrThrow();
  const links = await list<{ source: string; key: string; personId: string; author: Author | null; reason: string }>(
    trx,
    sql`select i.source, i.external_key as key, l.person_id as "personId", l.reason,
          (select json_build_object('source', o.source, 'key', o.external_key) from fact_identities o
           where o.workspace_id = l.workspace_id and o.id = l.person_id) as author
        from people_links l join fact_identities i on i.workspace_id = l.workspace_id and i.id = l.identity_id
        where l.workspace_id = ${ownWorkspace}
        order by i.source collate "C", i.external_key collate "C"`,
  );
  return {
    workspace: {
      name: workspace.name,
      zone: workspace.zone,
      weekStart: workspace.week_start,
      rawRetentionDays: workspace.raw_retention_days,
      departedPeople: workspace.departed_people,
    },
    people: people.map(({ id: _id, ...person }) => person),
    links: links.flatMap(({ source, key, personId: to, author, reason }) => {
      const person = numbers.get(to) ?? author;
      return person === null ? [] : [{ source, key, person, reason }];
    }),
    ...(await readDecisions(trx)),
    ...(await readSurroundings(trx)),
  };
}

type Author = z.infer<typeof authorSchema>;

async function list<Row>(trx: WorkspaceTransaction, query: RawBuilder<unknown>): Promise<Row[]> {
  return ((await query.execute(trx)) as { rows: Row[] }).rows;
}

async function readPeople(
  trx: WorkspaceTransaction,
  personId: string,
): Promise<(SettingsFile['people'][number] & { id: string })[]> {
  return list(
    trx,
    sql`select p.id, p.name, p.zone, p.rest_weekdays as "restWeekdays",
          case when i.id is not null then json_build_object('source', i.source, 'key', i.external_key) end as author,
          coalesce((select o.bio from people_profiles o where o.workspace_id = p.workspace_id and o.person_id = p.id), '') as bio,
          coalesce((select json_agg(json_build_object('day', h.day, 'name', h.name) order by h.day) from people_holidays h
            where h.workspace_id = p.workspace_id and h.person_id = p.id), '[]'::json) as holidays,
          coalesce((select json_agg(f.day order by f.day) from people_freezes f
            where f.workspace_id = p.workspace_id and f.person_id = p.id), '[]'::json) as freezes
        from people p left join fact_identities i on i.workspace_id = p.workspace_id and i.id = p.id
        where p.workspace_id = ${ownWorkspace}
        order by p.id <> ${personId}::uuid, p.created_at, p.id`,
  );
}

async function readDecisions(
  trx: WorkspaceTransaction,
): Promise<Pick<SettingsFile, 'declined' | 'rules' | 'overrides' | 'changes'>> {
  const declined = await list<{ a: Author; b: Author }>(
    trx,
    sql`select json_build_object('source', a.source, 'key', a.external_key) as a,
          json_build_object('source', b.source, 'key', b.external_key) as b
        from people_declined_suggestions d
        join fact_identities a on a.workspace_id = d.workspace_id and a.id = d.identity_a
        join fact_identities b on b.workspace_id = d.workspace_id and b.id = d.identity_b
        where d.workspace_id = ${ownWorkspace}
        order by a.source collate "C", a.external_key collate "C", b.source collate "C", b.external_key collate "C"`,
  );
  return {
    declined: declined.map(({ a, b }) => [a, b]),
    rules: await list(
      trx,
      sql`select field, pattern, kind, reason, priority, built_in as "builtIn", enabled from people_kind_rules where workspace_id = ${ownWorkspace}
          order by field collate "C", pattern collate "C"`,
    ),
    overrides: await list(
      trx,
      sql`select i.source, i.external_key as key, o.kind, o.reason from people_kind_overrides o
          join fact_identities i on i.workspace_id = o.workspace_id and i.id = o.identity_id
          where o.workspace_id = ${ownWorkspace}
          order by i.source collate "C", i.external_key collate "C"`,
    ),
    changes: await list(
      trx,
      sql`select r.source, r.external_key as key, o.number, o.kind, o.reason from people_change_overrides o
          join fact_repositories r on r.workspace_id = o.workspace_id and r.id = o.repository_id
          where o.workspace_id = ${ownWorkspace}
          order by r.source collate "C", r.external_key collate "C", o.number`,
    ),
  };
}

async function readSurroundings(
  trx: WorkspaceTransaction,
): Promise<Pick<SettingsFile, 'calendar' | 'calendarHolidays' | 'sources'>> {
  const [calendar] = await list<NonNullable<SettingsFile['calendar']>>(
    trx,
    sql`select working_weekdays as "workingWeekdays", from_minute as "fromMinute", until_minute as "untilMinute"
        from calendar_settings where workspace_id = ${ownWorkspace}`,
  );
  return {
    calendar: calendar ?? null,
    calendarHolidays: await list(
      trx,
      sql`select day, name from calendar_holidays where workspace_id = ${ownWorkspace} order by day`,
    ),
    sources: await list(
      trx,
      sql`select connector, natural_key as "naturalKey", name, settings from sources where workspace_id = ${ownWorkspace}
          order by connector collate "C", natural_key collate "C"`,
    ),
  };
}
