import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { addDays, type Day, dayInZone, daysBetween } from '@devpulse/contract/day';
import type { LoadedMetric, Pauses } from '@devpulse/contract/metric';
import type { MetricQuery, SubjectView } from '@devpulse/contract/wire/metrics';
import { isId } from '@devpulse/db/ids';
import type { Store, WorkspaceTransaction } from '@devpulse/db/open-store';

/** What somebody asks of a metric. */
export interface Question {
  store: Store;
  metrics: ReadonlyMap<string, LoadedMetric>;
  viewer: { workspaceId: string; personId: string };
  metricId: string;
  query: MetricQuery;
  now: Date;
}

/** The question made definite: whose number, in whose days, over which window. */
export interface Resolved {
  metric: LoadedMetric;
  subject: SubjectView;
  from: Day;
  to: Day;
  today: Day;
  weekStart: number;
  pauses: Pauses;
  resource: string | null;
}

const defaultDays = 365;
const daysMax = 366 * 60;
// Years of four digits with room on both sides: days are compared as text, and the store has no year 0.
const firstDay = '1000-01-01';
const lastDay = '9998-12-31';

/** Answers whose number is asked for and over which days, or says why that cannot be. */
export async function resolveQuestion(trx: WorkspaceTransaction, question: Question): Promise<Resolved> {
  const metric = question.metrics.get(question.metricId);
  if (metric === undefined) throw new AppError('not_found', `there is no metric "${question.metricId}"`);
  const { subject, weekStart } = await resolveSubject(trx, question);
  if (!metric.subjects.includes(subject.kind)) {
    throw new AppError('invalid_request', `"${metric.id}" is not a number of a ${subject.kind}`, {
      problems: [{ path: 'subject', message: `one of: ${metric.subjects.join(', ')}` }],
    });
  }
  const today = dayInZone(question.now, subject.zone);
  const to = question.query.to ?? today;
  const from = question.query.from ?? addDays(to, 1 - defaultDays);
  checkWindow(from, to);
  return {
    metric,
    subject,
    from,
    to,
    today,
    weekStart,
    pauses: await readPauses(trx, subject),
    resource: await checkResource(trx, question.query.resource),
  };
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
  question: Question,
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
      select coalesce((select l.person_id from people_links l where l.identity_id = ${id}::uuid), ${id}::uuid) as id
    ) asked
    left join people p on p.workspace_id = w.id and p.id = asked.id
    left join fact_identities i on i.workspace_id = w.id and i.id = asked.id
    where p.id is not null or i.id is not null`.execute(trx);
  return rows[0];
}

async function readPauses(trx: WorkspaceTransaction, subject: SubjectView): Promise<Pauses> {
  if (subject.kind === 'workspace') return { freezes: [], restWeekdays: [], holidays: [] };
  const person = await trx.selectFrom('people').select('rest_weekdays').where('id', '=', subject.id).executeTakeFirst();
  const freezes = await trx
    .selectFrom('people_freezes')
    .select('day')
    .where('person_id', '=', subject.id)
    .orderBy('day')
    .execute();
  const holidays = await trx
    .selectFrom('people_holidays')
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

async function checkResource(trx: WorkspaceTransaction, id: string | undefined): Promise<string | null> {
  if (id === undefined) return null;
  const found = await trx.selectFrom('fact_repositories').select('id').where('id', '=', id).executeTakeFirst();
  if (found === undefined) throw new AppError('not_found', 'there is no such repository');
  return found.id;
}
