import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { newId, stableId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { classifyIdentities } from '@devpulse/pipeline/derive/classify-identities';
import { lockFacts, markActsStale, markPeopleStale } from '@devpulse/pipeline/derive/mark-stale';
import { repositoryId } from '@devpulse/pipeline/derive/shape-identities';
import { checkZone } from '../people/check-zone.ts';
import { moveIdentities } from '../people/move-identities.ts';
import { changeMe } from '../people/update-me.ts';
import { changeWorkspace } from '../people/update-workspace.ts';
import type { TransferHold } from './hold-transfer.ts';
import { ImportRefused } from './import-file.ts';
import type { SettingsFile } from './settings-file.ts';

interface Applying {
  store: Store;
  hold: Pick<TransferHold, 'workspaceId' | 'personId'>;
  settings: SettingsFile;
}

/** Makes the decisions of a file the ones of this workspace, in one transaction; answers what could not be done. */
export async function applySettings({ store, hold, settings }: Applying): Promise<string[]> {
  const { workspaceId } = hold;
  const zones = await checkZones(store, settings);
  return store.inWorkspace(workspaceId, async (trx) => {
    await lockFacts(trx);
    const { name, weekStart, rawRetentionDays, departedPeople } = settings.workspace;
    await changeWorkspace(trx, workspaceId, {
      name,
      weekStart,
      rawRetentionDays,
      departedPeople,
      zone: zones.workspace,
    });
    const people = await placePeople(trx, hold, { settings, zones: zones.people });
    await writeRules(trx, workspaceId, settings);
    const identities = await findIdentities(trx, settings);
    const notes = await writeLinks(trx, hold, { settings, people, identities });
    await writeOverrides(trx, hold, { settings, identities });
    await writeDeclined(trx, hold, { settings, identities });
    await writeChanges(trx, hold, settings);
    await writeCalendar(trx, workspaceId, settings);
    return notes;
  });
}

async function checkZones(
  store: Store,
  settings: SettingsFile,
): Promise<{ workspace: string; people: (string | null)[] }> {
  const check = (zone: string): Promise<string> =>
    checkZone(store, zone).catch((error: unknown) => {
      if (error instanceof AppError)
        throw new ImportRefused(`This file cannot be taken in: the zone "${zone}" is not known here.`);
      throw error;
    });
  const people: (string | null)[] = [];
  for (const person of settings.people) people.push(person.zone === null ? null : await check(person.zone));
  return { workspace: await check(settings.workspace.zone), people };
}

type Author = { source: string; key: string };

const identityId = (workspaceId: string, author: Author): string =>
  stableId('identity', workspaceId, author.source, author.key);

/** The people of the file here: the first is whoever asks, authors with a name of their own keep theirs, others are made. */
async function placePeople(
  trx: WorkspaceTransaction,
  { workspaceId, personId }: Applying['hold'],
  { settings, zones }: { settings: SettingsFile; zones: (string | null)[] },
): Promise<string[]> {
  const ids: string[] = [];
  for (const [number, person] of settings.people.entries()) {
    const zone = zones[number] ?? null;
    const id =
      number === 0
        ? personId
        : person.author === null
          ? stableId('imported person', workspaceId, String(number), person.name)
          : identityId(workspaceId, person.author);
    ids.push(id);
    if (number > 0) {
      await trx
        .insertInto('people')
        .values({ workspace_id: workspaceId, id, name: person.name })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
    await changeMe(trx, id, { name: person.name, zone, restWeekdays: person.restWeekdays });
    await sql`
      insert into people_profiles (workspace_id, person_id, bio) values (${workspaceId}, ${id}, ${person.bio})
      on conflict (workspace_id, person_id) do update set bio = excluded.bio`.execute(trx);
    await sql`
      insert into people_holidays (workspace_id, person_id, day, name)
      select ${workspaceId}, ${id}::uuid, h.day, h.name
      from json_to_recordset(${JSON.stringify(person.holidays)}::json) as h (day date, name text)
      on conflict (workspace_id, person_id, day) do update set name = excluded.name`.execute(trx);
    await sql`
      insert into people_freezes (workspace_id, person_id, day)
      select ${workspaceId}, ${id}::uuid, f.day::date from json_array_elements_text(${JSON.stringify(person.freezes)}::json) as f (day)
      on conflict do nothing`.execute(trx);
  }
  await markPeopleStale(trx, ids);
  return ids;
}

async function writeRules(trx: WorkspaceTransaction, workspaceId: string, settings: SettingsFile): Promise<void> {
  for (const { builtIn, ...rule } of settings.rules) {
    if (builtIn) {
      await trx
        .updateTable('people_kind_rules')
        .where('workspace_id', '=', ownWorkspace)
        .set({ enabled: rule.enabled })
        .where('built_in', '=', true)
        .where('field', '=', rule.field)
        .where('pattern', '=', rule.pattern)
        .execute();
      continue;
    }
    await trx
      .insertInto('people_kind_rules')
      .values({ ...rule, workspace_id: workspaceId, id: newId() })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'field', 'pattern']).doNothing())
      .execute();
  }
  await classifyIdentities(trx, 'all');
}

/** Which of the authors that decisions name are here, and whom they stand for. */
async function findIdentities(
  trx: WorkspaceTransaction,
  settings: SettingsFile,
): Promise<Map<string, { id: string; personId: string }>> {
  const named: Author[] = [...settings.links, ...settings.overrides, ...settings.declined.flat()];
  const { rows } = await sql<Author & { id: string; personId: string }>`
    select distinct i.source, i.external_key as key, i.id, coalesce(l.person_id, i.id) as "personId"
    from json_to_recordset(${JSON.stringify(named.map(({ source, key }) => ({ source, key })))}::json) as n (source text, key text)
    join fact_identities i on i.workspace_id = ${ownWorkspace} and i.source = n.source and i.external_key = n.key
    left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id`.execute(trx);
  return new Map(rows.map((row) => [nameOf(row), { id: row.id, personId: row.personId }]));
}

const nameOf = ({ source, key }: Author): string => `${source}\u0000${key}`;

interface Known {
  settings: SettingsFile;
  identities: ReadonlyMap<string, { id: string; personId: string }>;
}

async function writeLinks(
  trx: WorkspaceTransaction,
  { workspaceId, personId }: Applying['hold'],
  { settings, people, identities }: Known & { people: readonly string[] },
): Promise<string[]> {
  const byReason = Map.groupBy(settings.links, (link) => link.reason);
  let missing = 0;
  for (const [reason, links] of byReason) {
    const moves = links.flatMap((link) => {
      const known = identities.get(nameOf(link));
      const to = typeof link.person === 'number' ? people[link.person] : identityId(workspaceId, link.person);
      if (known === undefined || to === undefined) {
        missing += 1;
        return [];
      }
      return [{ identityId: known.id, from: known.personId, to }];
    });
    await moveIdentities(trx, moves, { workspaceId, reason, by: personId });
  }
  return missing === 0 ? [] : [`${missing} links name authors of whom no event is here; they were left out.`];
}

async function writeOverrides(
  trx: WorkspaceTransaction,
  hold: Applying['hold'],
  { settings, identities }: Known,
): Promise<void> {
  const ids: string[] = [];
  for (const { kind, reason, ...author } of settings.overrides) {
    const known = identities.get(nameOf(author));
    if (known === undefined) continue;
    ids.push(known.id);
    const decision = { kind, reason, decided_by: hold.personId };
    await trx
      .insertInto('people_kind_overrides')
      .values({ workspace_id: hold.workspaceId, identity_id: known.id, ...decision })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'identity_id']).doUpdateSet(decision))
      .execute();
  }
  await classifyIdentities(trx, ids);
}

async function writeChanges(trx: WorkspaceTransaction, hold: Applying['hold'], settings: SettingsFile): Promise<void> {
  const { workspaceId, personId } = hold;
  const decided = settings.changes.map(({ source, key, ...change }) => ({
    ...change,
    repository_id: repositoryId({ workspaceId, source }, key),
  }));
  if (decided.length === 0) return;
  await sql`
    insert into people_change_overrides (workspace_id, repository_id, number, kind, reason, decided_by)
    select ${workspaceId}::uuid, c.repository_id, c.number, c.kind, c.reason, ${personId}::uuid
    from json_to_recordset(${JSON.stringify(decided)}::json) as c (repository_id uuid, number integer, kind text, reason text)
    on conflict (workspace_id, repository_id, number) do update set
      kind = excluded.kind, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = now()`.execute(
    trx,
  );
  await markActsStale(
    trx,
    decided.map(({ repository_id, number }) => ({ what: 'pull', repository_id, item: `${number}`, number })),
  );
}

async function writeDeclined(
  trx: WorkspaceTransaction,
  hold: Applying['hold'],
  { settings, identities }: Known,
): Promise<void> {
  for (const pair of settings.declined) {
    const [one, two] = pair.map((author) => identities.get(nameOf(author))?.id);
    if (one === undefined || two === undefined || one === two) continue;
    const [a, b] = one < two ? [one, two] : [two, one];
    await trx
      .insertInto('people_declined_suggestions')
      .values({ workspace_id: hold.workspaceId, identity_a: a, identity_b: b, decided_by: hold.personId })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

async function writeCalendar(trx: WorkspaceTransaction, workspaceId: string, settings: SettingsFile): Promise<void> {
  const { calendar, calendarHolidays } = settings;
  if (calendar !== null) {
    await sql`
      insert into calendar_settings (workspace_id, working_weekdays, from_minute, until_minute)
      values (${workspaceId}, ${calendar.workingWeekdays}::smallint[], ${calendar.fromMinute}, ${calendar.untilMinute})
      on conflict (workspace_id) do update set working_weekdays = excluded.working_weekdays,
        from_minute = excluded.from_minute, until_minute = excluded.until_minute`.execute(trx);
  }
  await sql`
    insert into calendar_holidays (workspace_id, day, name)
    select ${workspaceId}, h.day, h.name from json_to_recordset(${JSON.stringify(calendarHolidays)}::json) as h (day date, name text)
    on conflict (workspace_id, day) do update set name = excluded.name`.execute(trx);
}
