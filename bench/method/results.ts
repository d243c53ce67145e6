import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Machine } from './machine.ts';
import { formatFigure, type Row } from './verdict.ts';

/** A whole run, as it is kept. */
export interface RunRecord {
  startedAt: string;
  seconds: number;
  size: string;
  machine: Machine;
  /** Load average and busiest processes before each target. */
  loads: Record<string, { load: number; busiest: string[] }>;
  rows: Row[];
}

const runsKept = 20;

/** Writes a run as the text of results.md. */
export function writeReport(record: RunRecord, write: (text: string) => unknown): void {
  const { machine } = record;
  const loads = Object.values(record.loads).map(({ load }) => load);
  const lines = [
    '# Bench results',
    '',
    'Written by `npm run bench`; do not edit. How it is measured: [the guide](../docs/guides/bench.md).',
    '',
    `Run of ${record.startedAt.slice(0, 16).replace('T', ' ')} UTC, size ${record.size}, ${record.seconds} s. ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ` +
      `${machine.system}, Node ${machine.node}, PostgreSQL ${machine.postgres}, git ${machine.git}, commit ${machine.commit}. ` +
      `Load average before the targets: ${formatFigure(Math.min(...loads))} to ${formatFigure(Math.max(...loads))}.`,
    '',
    ...(record.size === 'quick' ? ['**A quick run: small sizes, three rounds. Its figures prove nothing.**', ''] : []),
    '| target | what | wanted | measured | spread | verdict | baseline | remark |',
    '|---|---|---|---|---|---|---|---|',
    ...record.rows.map(writeRow),
    '',
    countVerdicts(record.rows),
    '',
  ];
  write(lines.join('\n'));
}

function writeRow(row: Row): string {
  const spread = row.spread === null ? '' : `${formatFigure(row.spread)} ×`;
  const cells = [
    row.target,
    row.what,
    row.wanted,
    row.figure,
    spread,
    `**${row.verdict}**`,
    row.baseline,
    row.why ?? '',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
}

function countVerdicts(rows: readonly Row[]): string {
  const groups = Map.groupBy(rows, ({ verdict }) => verdict);
  return [...groups].map(([verdict, found]) => `${found.length} ${verdict}`).join(', ') + '.';
}

/** Adds a run to results.json, which keeps the last twenty; a run of all targets becomes results.md as well. */
export function keepRun(record: RunRecord, folder: string, isWhole: boolean): void {
  // A run of half an hour must not be lost because nobody made the folder.
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'results.json');
  const runs = [...readRuns(file), record].slice(-runsKept);
  writeFileSync(file, `${JSON.stringify({ runs }, null, 1)}\n`);
  if (isWhole) writeReport(record, (text) => writeFileSync(path.join(folder, 'results.md'), text));
}

function readRuns(file: string): RunRecord[] {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { runs: RunRecord[] }).runs;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
