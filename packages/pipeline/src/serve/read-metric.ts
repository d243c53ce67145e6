import type { MetricAnswer, MetricValue } from '@devpulse/contract/wire/metrics';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { isCounted } from '../lens/items.ts';
import { deriveValue, toMetricValue } from './derive-value.ts';
import { judgeState } from './judge-state.ts';
import { nameIds } from './name-ids.ts';
import { readDays, readNeeds } from './read-cells.ts';
import { hasPeople, type Question, type Resolved, resolveQuestion, type Whose } from './resolve-question.ts';
import { hidePeople } from './hide-people.ts';
import { hideRepositories } from './hide-repositories.ts';
import { orderByName } from './sight.ts';
import { sumDays } from './sum-days.ts';
import { cutWindow } from './windows.ts';
import { withholdValue } from './withhold-value.ts';

/** Answers a question about a metric from its days. */
export async function readMetric(question: Question): Promise<MetricAnswer> {
  // One snapshot: value, state and freshness must speak of the same moment.
  return question.store.inWorkspace(question.viewer.workspaceId, (trx) => answerMetric(trx, question), {
    snapshot: true,
  });
}

/** The same inside a snapshot that is open already, for those who ask several numbers of one moment. */
export async function answerMetric(
  trx: WorkspaceTransaction,
  question: Question,
  whose?: Whose,
): Promise<MetricAnswer> {
  const resolved = await resolveQuestion(trx, question, whose);
  const standing = await judgeState(trx, question, resolved);
  const seen = hideRepositories(await readValues(trx, question, resolved), resolved.unseen);
  const told = await hidePeople(trx, seen, question.sight);
  const named = await nameIds(trx, told);
  const values = hasPeople(resolved.metric) ? named.map(orderPeople) : named;
  const found = values.some((value) => value.n > 0);
  const state = standing.state === 'ok' && !found ? 'empty' : standing.state;
  return {
    metric: resolved.metric.id,
    title: resolved.metric.title,
    unit: resolved.metric.unit,
    version: resolved.metric.version,
    subject: resolved.subject,
    from: resolved.from,
    to: resolved.to,
    by: question.query.by,
    state,
    ...(standing.reason === null ? {} : { stateReason: standing.reason }),
    asOf: standing.asOf?.toISOString() ?? null,
    values: values.map((value) => withholdValue(value, standing, resolved)),
  };
}

/** People stand in the order of their names, never of their numbers. */
function orderPeople(value: MetricValue): MetricValue {
  return value.parts === undefined ? value : { ...value, parts: orderByName(value.parts) };
}

/** The values of a resolved question, one for each step of its window. */
export async function readValues(
  trx: WorkspaceTransaction,
  question: Question,
  resolved: Resolved,
): Promise<MetricValue[]> {
  const buckets = cutWindow({ from: resolved.from, to: resolved.to }, question.query.by, resolved.weekStart);
  const { metric } = resolved;
  if (isCounted(metric)) {
    const rows = await readDays(trx, resolved, { metric: metric.id, from: resolved.from, to: resolved.to });
    return buckets.map((bucket) => sumDays(metric, bucket, rows, bucket.to < resolved.today));
  }
  const cells = await readNeeds(trx, metric, resolved);
  return buckets.map((bucket) =>
    toMetricValue(deriveValue(metric, resolved, cells, bucket), bucket, bucket.to < resolved.today),
  );
}
