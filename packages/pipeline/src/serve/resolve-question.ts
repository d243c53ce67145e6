import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { addDays, type Day, dayInZone, daysBetween } from '@devpulse/contract/day';
import type { LoadedMetric, Pauses, SubjectKind } from '@devpulse/contract/metric';
import type { MetricQuery, SubjectView } from '@devpulse/contract/wire/metrics';
import { isId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { RoadCounts } from './road-counts.ts';
import { findUnseen, othersPart, type Sight } from './sight.ts';

/** What somebody asks of a metric. */
export interface Question {
  store: Store;
  metrics: ReadonlyMap<string, LoadedMetric>;
  viewer: { workspaceId: string; personId: string };
  /** Asked before anything of a person is told. */
  sight?: Sight | undefined;
  metricId: string;
  query: MetricQuery;
  now: Date;
}

/** Whose number is asked for, and what their days are like. */
export interface Whose {
  subject: SubjectView;
  today: Day;
  weekStart: number;
  pauses: Pauses;
  /** Filled by whoever asks several questions of one snapshot: what was found of the road, by the last day asked about. */
  road?: Map<Day, RoadCounts>;
}

/** The question made definite: whose number, in whose days, over which window. */
export interface Resolved extends Whose {
  metric: LoadedMetric;
  from: Day;
  to: Day;
  resource: string | null;
  /** Only this part; set for counted metrics that have parts. */
  part: string | null;
  /** Repositories that must not be named in the answer; what lies in them counts. */
  unseen: ReadonlySet<string>;
}

const defaultDays = 365;
const daysMax = 366 * 60;
// Years of four digits with room on both sides: days are compared as text, and the store has no year 0.
const firstDay = '1000-01-01';
const lastDay = '9998-12-31';

/** Answers whose number is asked for and over which days, or says why that cannot be. `whose` spares a second look. */
export async function resolveQuestion(trx: WorkspaceTransaction, question: Question, whose?: Whose): Promise<Resolved> {
  const metric = question.metrics.get(question.metricId);
  if (metric === undefined) throw new AppError('not_found', `there is no metric "${question.metricId}"`);
  const known = whose ?? (await resolveWhose(trx, question));
  checkSubject(metric, known.subject);
  const part = checkPart(metric, question.query.part);
  if (part !== null && hasPeople(metric)) await checkPersonPart(trx, part, question.sight);
  const unseen = await findUnseen(trx, question.sight);
  if (part !== null && unseen.has(part)) throw noRepository();
  return {
    metric,
    ...known,
    ...resolveWindow(question.query, known.today),
    resource: await checkResource(trx, question.query.resource, unseen),
    part,
    unseen,
  };
}

/** True for numbers whose parts are people, each part being that person's own number. */
export function hasPeople(metric: LoadedMetric): boolean {
  return metric.kind !== 'derived' && metric.parts === 'person';
}

/** Finds the subject of a question, with the day it is there. */
export async function resolveWhose(
  trx: WorkspaceTransaction,
  question: Pick<Question, 'viewer' | 'sight' | 'now'> & { query: Pick<MetricQuery, 'subject'> },
): Promise<Whose> {
  const { subject, weekStart } = await resolveSubject(trx, question);
  if (subject.kind === 'person') await question.sight?.demand(trx, subject.id);
  const pauses = await readPauses(trx, subject);
  return { subject, today: dayInZone(question.now, subject.zone), weekStart, pauses };
}

/** Refuses a subject of a kind that this number (or tile) is not about. */
export function checkSubject(asked: { id: string; subjects: readonly SubjectKind[] }, subject: SubjectView): void {
  if (asked.subjects.includes(subject.kind)) return;
  throw new AppError('invalid_request', `"${asked.id}" is not a number of a ${subject.kind}`, {
    problems: [{ path: 'subject', message: `one of: ${asked.subjects.join(', ')}` }],
  });
}

/** The days of a question, a year up to today unless it says others. */
export function resolveWindow(
  query: { from?: Day | undefined; to?: Day | undefined },
  today: Day,
): { from: Day; to: Day } {
  const to = query.to ?? today;
  const from = query.from ?? addDays(to, 1 - defaultDays);
  checkWindow(from, to);
  return { from, to };
}

function checkWindow(from: Day, to: Day): void {
  const outside = from < firstDay ? 'from' : to > lastDay ? 'to' : null;
  if (outside !== null)
    throw new AppError('invalid_request', 'the window reaches beyond all days that are counted', {
      problems: [{ path: outside, message: `between ${firstDay} and ${lastDay}` }],
    });
  if (from > to)
    throw new AppError('invalid_request', 'the window ends before it begins', {
      problems: [{ path: 'from', message: 'must not be after `to`' }],
    });
  if (daysBetween(from, to) > daysMax)
    throw new AppError('invalid_request', 'the window is longer than 60 years', {
      problems: [{ path: 'from', message: 'at most 60 years before `to`' }],
    });
}

async function resolveSubject(
  trx: WorkspaceTransaction,
  question: Pick<Question, 'viewer'> & { query: Pick<MetricQuery, 'subject'> },
): Promise<{ subject: SubjectView; weekStart: number }> {
  const { workspaceId, personId } = question.viewer;
  const workspace = await trx
    .selectFrom('workspaces')
    .select(['id', 'name', 'zone', 'week_start'])
    .where('id', '=', workspaceId)
    .executeTakeFirst();
  if (workspace === undefined) throw new AppError('not_found', 'there is no such workspace');
  const weekStart = workspace.week_start;
  const asked = question.query.subject;
  if (asked === 'workspace') {
    return { subject: { kind: 'workspace', id: workspace.id, name: workspace.name, zone: workspace.zone }, weekStart };
  }
  const person = await findPerson(trx, asked === 'me' ? personId : asked.slice('person:'.length));
  if (person === undefined) throw new AppError('not_found', 'there is no such person');
  return { subject: { kind: 'person', ...person }, weekStart };
}

/** The person of that id; the id of an identity that was merged into somebody answers that somebody. */
async function findPerson(
  trx: WorkspaceTransaction,
  id: string,
): Promise<{ id: string; name: string; zone: string } | undefined> {
  if (!isId(id)) return undefined;
  const { rows } = await sql<{ id: string; name: string; zone: string }>`
    select asked.id, coalesce(p.name, i.name, i.login, i.email, 'Unnamed') as name, coalesce(p.zone, w.zone) as zone
    from workspaces w
    cross join (
      select coalesce((select l.person_id from people_links l where l.workspace_id = ${ownWorkspace} and l.identity_id = ${id}::uuid), ${id}::uuid) as id
    ) asked
    left join people p on p.workspace_id = w.id and p.id = asked.id
    left join fact_identities i on i.workspace_id = w.id and i.id = asked.id
    where w.id = ${ownWorkspace} and (p.id is not null or i.id is not null)`.execute(trx);
  return rows[0];
}

async function readPauses(trx: WorkspaceTransaction, subject: SubjectView): Promise<Pauses> {
  if (subject.kind === 'workspace') return { freezes: [], restWeekdays: [], holidays: [] };
  const person = await trx
    .selectFrom('people')
    .where('workspace_id', '=', ownWorkspace)
    .select('rest_weekdays')
    .where('id', '=', subject.id)
    .executeTakeFirst();
  const freezes = await trx
    .selectFrom('people_freezes')
    .where('workspace_id', '=', ownWorkspace)
    .select('day')
    .where('person_id', '=', subject.id)
    .orderBy('day')
    .execute();
  const holidays = await trx
    .selectFrom('people_holidays')
    .where('workspace_id', '=', ownWorkspace)
    .select('day')
    .where('person_id', '=', subject.id)
    .orderBy('day')
    .execute();
  return {
    freezes: freezes.map((row) => row.day),
    restWeekdays: person?.rest_weekdays ?? [],
    holidays: holidays.map((row) => row.day),
  };
}

// Only what is counted is stored part by part, with records to prove it; a derived number is a whole.
function checkPart(metric: LoadedMetric, part: string | undefined): string | null {
  if (part === undefined) return null;
  if (metric.kind !== 'derived' && metric.parts !== 'none') return part;
  throw new AppError('invalid_request', `"${metric.id}" is not counted in parts`, {
    problems: [{ path: 'part', message: 'leave it out' }],
  });
}

async function checkPersonPart(trx: WorkspaceTransaction, part: string, sight: Sight | undefined): Promise<void> {
  if (part === othersPart)
    throw new AppError('invalid_request', 'the others are several people, who are not told apart', {
      problems: [{ path: 'part', message: 'the id of a person, or leave it out' }],
    });
  if (isId(part)) await sight?.demand(trx, part);
}

/** The repository a question is limited to; one that is not there is refused, and one that is not seen as if it were not. */
export async function checkResource(
  trx: WorkspaceTransaction,
  id: string | undefined,
  unseen: ReadonlySet<string>,
): Promise<string | null> {
  if (id === undefined) return null;
  const found = await trx
    .selectFrom('fact_repositories')
    .where('workspace_id', '=', ownWorkspace)
    .select('id')
    .where('id', '=', id)
    .executeTakeFirst();
  if (found === undefined || unseen.has(found.id)) throw noRepository();
  return found.id;
}

function noRepository(): AppError {
  return new AppError('not_found', 'there is no such repository');
}
