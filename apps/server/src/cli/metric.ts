import { parseArgs } from 'node:util';
import type { LoadedMetric } from '@devpulse/contract/metric';
import { metricQuerySchema, type MetricAnswer, type Receipt } from '@devpulse/contract/wire/metrics';
import { readMetric } from '@devpulse/pipeline/serve/read-metric';
import { readReceipt } from '@devpulse/pipeline/serve/read-receipt';
import { hasPeople } from '@devpulse/pipeline/serve/resolve-question';
import { loadMetrics } from '../runtime/load-extensions.ts';
import { lookAtPeople } from '../viewers/look-at-people.ts';
import { type Command, type CommandContext, UsageError } from './command.ts';
import { formatCount, formatTable } from './terminal.ts';
import { withRuntime } from './with-runtime.ts';

const options = {
  subject: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  by: { type: 'string' },
  resource: { type: 'string' },
  json: { type: 'boolean' },
  receipt: { type: 'boolean' },
  limit: { type: 'string' },
} as const;

export const metricCommand: Command = {
  name: 'metric',
  summary: 'Shows numbers, and the receipt behind each',
  usage: [
    'devpulse metric                                   every metric there is',
    'devpulse metric <id> [--subject me|workspace|person:<id>] [--from <day>] [--to <day>] [--by day|week|month|total]',
    '                     [--resource <repository id>] [--receipt [--limit <records>]] [--json]',
  ].join('\n'),
  run: (args, context) => {
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    const [metricId, ...more] = positionals;
    if (more.length > 0) throw new UsageError('one metric at a time');
    if (metricId === undefined) return listMetrics(context);
    const { json = false, receipt = false, limit = '20', ...rest } = values;
    const query = metricQuerySchema.safeParse(rest);
    if (!query.success)
      throw new UsageError(query.error.issues.map((issue) => `--${issue.path.join('.')}: ${issue.message}`).join('\n'));
    return withRuntime(context, async ({ store, workspaceId, ownerId, embedded }) => {
      const viewer = { workspaceId, personId: ownerId, role: 'owner' as const };
      const question = { store, metrics: loadMetrics(), viewer, metricId, query: query.data, now: new Date() };
      const baseUrl = embedded?.holder.address ?? 'http://localhost:3000';
      // Whoever is looked at sees it, from wherever it was done.
      const answer = await lookAtPeople(question, async (sight): Promise<MetricAnswer | Receipt> =>
        receipt
          ? readReceipt({ ...question, sight, limit: Number(limit) || 20, baseUrl })
          : readMetric({ ...question, sight }),
      );
      if (json) context.terminal.print(JSON.stringify(answer, null, 2));
      else
        context.terminal.print(
          'records' in answer
            ? formatReceipt(answer)
            : formatAnswer(answer, isCutByPerson(question.metrics.get(metricId))),
        );
      return 0;
    });
  },
};

function listMetrics(context: CommandContext): Promise<number> {
  context.terminal.print(
    formatTable([...loadMetrics().values()].map((metric) => [metric.id, metric.unit, metric.title])),
  );
  return Promise.resolve(0);
}

/** Their parts come by name, and stay so: people are never put in the order of their numbers. */
function isCutByPerson(metric: LoadedMetric | undefined): boolean {
  return metric !== undefined && hasPeople(metric);
}

function formatAnswer(answer: MetricAnswer, isByName: boolean): string {
  const head = `${answer.title} of ${answer.subject.name}, in ${answer.unit}; days cut in ${answer.subject.zone}`;
  const state = answer.state === 'ok' ? '' : `\n${describeState(answer)}`;
  const rows = answer.values.flatMap((value) => [
    [
      value.from === value.to ? value.from : `${value.from} to ${value.to}`,
      formatValue(value.value),
      `n ${formatCount(value.n)}`,
      value.reason ?? '',
    ],
    ...(value.parts ?? [])
      .filter((part) => part.value !== 0)
      .toSorted((a, b) => (isByName ? 0 : b.value - a.value))
      .map((part) => [`    ${part.label}`, formatValue(part.value), '', '']),
  ]);
  const detail =
    answer.values.length === 1
      ? Object.entries(answer.values[0]?.detail ?? {}).map(([key, value]) => `${key}: ${value ?? '—'}`)
      : [];
  return [`${head}${state}`, formatTable(rows), ...detail].join('\n');
}

function formatReceipt(receipt: Receipt): string {
  const sum = [
    ['found', formatCount(receipt.found)],
    ...receipt.leftOut.map((line) => [`− ${line.words}`, formatCount(line.count)]),
    ['= records that count', formatCount(receipt.n)],
  ];
  return [
    `${receipt.title} v${receipt.version}: ${formatValue(receipt.value)} ${receipt.unit}`,
    receipt.definition,
    `${receipt.subject.name}, ${receipt.from} to ${receipt.to}, days cut in ${receipt.subject.zone}`,
    receipt.state === 'ok' ? '' : describeState(receipt),
    formatTable(sum),
    receipt.madeFrom.length > 0 ? `made from: ${receipt.madeFrom.join(', ')}` : '',
    formatTable(
      receipt.records.map((record) => [
        record.day ?? '',
        formatValue(record.value),
        record.resource ?? '',
        record.item.slice(0, 12),
        record.label,
      ]),
    ),
    receipt.nextCursor === null ? '' : 'and more: --limit shows them',
    receipt.reproduce,
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function describeState(answer: { state: string; stateReason?: string | undefined }): string {
  if (answer.state === 'empty') return 'empty: we looked, and there is nothing in this window';
  return `${answer.state}: ${answer.stateReason ?? 'no reason is known'}`;
}

function formatValue(value: number | null): string {
  return value === null ? '—' : formatCount(Math.round(value * 100) / 100);
}
