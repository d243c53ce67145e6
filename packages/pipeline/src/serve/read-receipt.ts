import { AppError } from '@devpulse/contract/errors';
import { daysBetween } from '@devpulse/contract/day';
import type { Evidence } from '@devpulse/contract/metric';
import type { MetricValue, Receipt, ReceiptRecord } from '@devpulse/contract/wire/metrics';
import { isId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { isCounted } from '../lens/items.ts';
import { deriveValue, toMetricValue } from './derive-value.ts';
import { countedBehind } from './count-unknown.ts';
import { findHidden, hideInEvidence } from './hide-people.ts';
import { hideInLines } from './hide-repositories.ts';
import { judgeState, type Standing } from './judge-state.ts';
import { countItems, type ItemCounts, readRecords } from './read-items.ts';
import { readNeeds } from './read-cells.ts';
import { readNames } from './name-ids.ts';
import { readValues } from './read-metric.ts';
import { hasPeople, type Question, type Resolved, resolveQuestion } from './resolve-question.ts';
import { withholdValue } from './withhold-value.ts';

/** A question whose answer shall be proved. */
export interface ReceiptQuestion extends Question {
  cursor?: string | undefined;
  limit: number;
  /** Where the API answers, for the command that reproduces the number. */
  baseUrl: string;
}

/** The proof of a number: its definition, what was found, what was left out and why, and the very records. */
export async function readReceipt(question: ReceiptQuestion): Promise<Receipt> {
  return question.store.inWorkspace(question.viewer.workspaceId, (trx) => prove(trx, question), { snapshot: true });
}

/** What differs between counted and derived numbers. */
interface Proof {
  value: MetricValue;
  counts: ItemCounts;
  records: ReceiptRecord[];
  nextCursor: string | null;
}

async function prove(trx: WorkspaceTransaction, question: ReceiptQuestion): Promise<Receipt> {
  const resolved = await resolveQuestion(trx, { ...question, query: { ...question.query, by: 'total' } });
  const standing = await judgeState(trx, question, resolved);
  const proof = isCounted(resolved.metric)
    ? await proveCounted(trx, question, resolved)
    : await proveDerived(trx, question, resolved);
  const { metric } = resolved;
  const partNames =
    resolved.part === null || !isId(resolved.part) ? new Map<string, string>() : await readNames(trx, [resolved.part]);
  const empty = standing.state === 'ok' && proof.counts.counted === 0;
  return {
    metric: metric.id,
    title: metric.title,
    ...(resolved.part === null ? {} : { part: partNames.get(resolved.part) ?? resolved.part }),
    unit: metric.unit,
    kind: metric.kind,
    definition: metric.definition,
    version: metric.version,
    subject: resolved.subject,
    from: resolved.from,
    to: resolved.to,
    value: withholdValue(proof.value, standing, resolved).value,
    state: empty ? 'empty' : standing.state,
    ...(standing.reason === null ? {} : { stateReason: standing.reason }),
    n: proof.counts.counted,
    found: proof.counts.found,
    leftOut: wordsFor(question, resolved, proof.counts.leftOut),
    madeFrom: isCounted(metric) ? [] : [...new Set(Object.values(metric.needs).map((need) => need.metric))],
    coverage: coverageOf(resolved, standing, proof.counts),
    freshness: {
      asOf: standing.asOf?.toISOString() ?? null,
      lastRecordAt: proof.counts.lastAt?.toISOString() ?? null,
      pendingEvents: standing.pendingEvents,
      pendingDays: standing.daysToCount.length,
    },
    withheld: proof.counts.withheld,
    records: proof.records,
    nextCursor: proof.nextCursor,
    reproduce: reproduce(question, resolved),
  };
}

async function proveCounted(trx: WorkspaceTransaction, question: ReceiptQuestion, resolved: Resolved): Promise<Proof> {
  if (!isCounted(resolved.metric)) throw new Error('not a counted metric');
  const [value] = await readValues(trx, { ...question, query: { ...question.query, by: 'total' } }, resolved);
  if (value === undefined) throw new Error('a whole window has one value');
  if (hasPeople(resolved.metric)) await refuseHidden(trx, value, question);
  const counts = await countItems(trx, resolved.metric, resolved);
  const { records, nextCursor } = await readRecords(trx, resolved.metric, resolved, question);
  return { value, counts, records, nextCursor };
}

/** Records and cursors of such a number name the person, one by one: there is no way to show some of them and to hide others. */
async function refuseHidden(trx: WorkspaceTransaction, value: MetricValue, question: ReceiptQuestion): Promise<void> {
  const hidden = await findHidden(trx, value.parts?.map(({ part }) => part) ?? [], question.sight);
  if (hidden.size === 0) return;
  throw new AppError(
    'forbidden',
    'This receipt goes person by person, and the numbers of some of them are not yours to see. Ask for the part of one person whose numbers are, or for a number that is not cut by person.',
  );
}

async function proveDerived(trx: WorkspaceTransaction, question: ReceiptQuestion, resolved: Resolved): Promise<Proof> {
  if (isCounted(resolved.metric)) throw new Error('not a derived metric');
  const cells = await readNeeds(trx, resolved.metric, resolved);
  const bucket = { from: resolved.from, to: resolved.to };
  const derived = deriveValue(resolved.metric, resolved, cells, bucket);
  const value = toMetricValue(derived, bucket, true);
  const { lines, withheld } = hideInLines(derived.evidence, resolved.unseen);
  const evidence = await hideInEvidence(trx, lines, question.sight);
  const names = await readNames(
    trx,
    evidence.flatMap((line) => [line.resource, line.person].filter((id) => id !== undefined)),
  );
  const start = parseOffset(question.cursor);
  const isAboutPeople = derived.evidence.some((line) => line.person !== undefined && line.day === undefined);
  const page = (isAboutPeople ? orderPeople(evidence, names) : evidence).slice(start, start + question.limit);
  const next = start + page.length;
  return {
    value,
    counts: {
      found: value.n,
      counted: value.n,
      leftOut: new Map(),
      daysWithRecords: new Set(derived.evidence.map((line) => line.day).filter((day) => day !== undefined)).size,
      lastAt: null,
      withheld,
    },
    records: page.map((line) => ({
      item: line.day ?? line.resource ?? line.person ?? line.label,
      label: names.get(line.person ?? line.resource ?? '') ?? line.label,
      at: null,
      day: line.day ?? null,
      resource: line.resource === undefined ? null : (names.get(line.resource) ?? null),
      value: line.value,
      part: '',
      url: null,
    })),
    nextCursor: next < derived.evidence.length ? String(next) : null,
  };
}

/**
 * Lines about people stand in the order of their names, never of their numbers. Those without a name come last, by number,
 * since the order they were found in is that of ids, by which anybody could tell whose they are.
 */
function orderPeople(lines: readonly Evidence[], names: ReadonlyMap<string, string>): readonly Evidence[] {
  const nameOf = (line: Evidence): string => names.get(line.person ?? '') ?? '\u{10ffff}';
  return lines.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b), 'en') || b.value - a.value);
}

function parseOffset(cursor: string | undefined): number {
  if (cursor === undefined) return 0;
  const offset = Number(cursor);
  if (!/^\d{1,15}$/.test(cursor)) {
    throw new AppError('invalid_request', 'this cursor is not one of ours', {
      problems: [{ path: 'cursor', message: 'use `nextCursor`' }],
    });
  }
  return offset;
}

function wordsFor(
  question: ReceiptQuestion,
  resolved: Resolved,
  leftOut: ReadonlyMap<string, number>,
): Receipt['leftOut'] {
  const words = Object.assign(
    {},
    ...countedBehind(question.metrics, resolved.metric).map((metric) => metric.leftOut),
  ) as Record<string, string>;
  return [...leftOut].map(([reason, count]) => ({ reason, words: words[reason] ?? reason, count }));
}

function coverageOf(resolved: Resolved, standing: Standing, counts: ItemCounts): Receipt['coverage'] {
  const unknown = [];
  if (standing.unknown > 0)
    unknown.push({ what: 'records whose amount the source could not know', count: standing.unknown });
  if (standing.deadEvents > 0) unknown.push({ what: 'events that could not be read', count: standing.deadEvents });
  return {
    repositories: resolved.resource === null ? standing.repositories : 1,
    repositoriesUnread: standing.sourcesFailed + standing.sourcesReading,
    daysWithRecords: counts.daysWithRecords,
    days: daysBetween(resolved.from, resolved.to) + 1,
    unknown,
  };
}

function reproduce(question: ReceiptQuestion, resolved: Resolved): string {
  const query = new URLSearchParams({
    subject: question.query.subject,
    from: resolved.from,
    to: resolved.to,
    by: 'total',
  });
  if (resolved.resource !== null) query.set('resource', resolved.resource);
  if (resolved.part !== null) query.set('part', resolved.part);
  const url = `${question.baseUrl}/api/v1/metrics/${resolved.metric.id}?${query.toString()}`;
  return `curl -H "Authorization: Bearer $DEVPULSE_TOKEN" '${url}'`;
}
