import { parseArgs } from 'node:util';
import { allTargets } from './all-targets.ts';
import { findReason } from './known-misses.ts';
import { describeMachine, readLoad } from './method/machine.ts';
import { keepRun, type RunRecord, writeReport } from './method/results.ts';
import { Scope } from './method/scope.ts';
import type { BenchContext, BenchTarget, Size } from './method/target.ts';
import { type Row, skipTarget } from './method/verdict.ts';
import { locateBinaries } from '@devpulse/db/embedded/locate-binaries';

const usage = `npm run bench -- [--only T1,T15] [--quick | --full] [--results <folder>]

    --only     these targets, by their numbers (${allTargets.map(({ id }) => id).join(', ')})
    --quick    small sizes and three rounds, to see whether the bench itself works
    --full     a history of ten million facts and ten minutes of idling
    --results  where results.md and results.json go; left out: the bench folder, and nowhere for a quick run`;

const runScope = new Scope();
let targetScope = new Scope();
let isStopping = false;

// Ctrl-C reaches everything that was started here as well; the second one must not keep us from clearing up after the first.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    if (isStopping) return;
    isStopping = true;
    say('Stopping and clearing up …');
    void clearUp().then(() => process.exit(130));
  });
}

async function clearUp(): Promise<void> {
  for (const scope of [targetScope, runScope]) await scope.close().catch((error: unknown) => say(String(error)));
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      full: { type: 'boolean', default: false },
      results: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    say(usage);
    return 0;
  }
  const chosen = chooseTargets(values.only);
  if (chosen === null) return 2;
  const size: Size = values.quick ? 'quick' : values.full ? 'full' : 'default';
  const rows: Row[] = [];
  const loads: RunRecord['loads'] = {};
  const startedAt = new Date();
  for (const target of chosen) {
    loads[target.id] = readLoad();
    rows.push(...(await runTarget(target, size)).map(explainMiss));
  }
  await clearUp();
  const record: RunRecord = {
    startedAt: startedAt.toISOString(),
    seconds: Math.round((Date.now() - startedAt.getTime()) / 1000),
    size,
    machine: describeMachine(locateBinaries().version),
    loads,
    rows,
  };
  writeReport(record, (text) => process.stdout.write(text));
  const folder = values.results ?? (size === 'quick' ? undefined : import.meta.dirname);
  if (folder !== undefined) keepRun(record, folder, values.only === undefined);
  return rows.some(({ verdict }) => verdict === 'miss' || verdict === 'void') ? 1 : 0;
}

function chooseTargets(only: string | undefined): readonly BenchTarget[] | null {
  if (only === undefined) return allTargets;
  const ids = only.split(',').map((id) => id.trim().toLowerCase());
  const unknown = ids.filter((id) => !allTargets.some((target) => target.id.toLowerCase() === id));
  if (unknown.length > 0) {
    say(`There is no target ${unknown.join(', ')}.\n\n${usage}`);
    return null;
  }
  return allTargets.filter((target) => ids.includes(target.id.toLowerCase()));
}

async function runTarget(target: BenchTarget, size: Size): Promise<Row[]> {
  const began = performance.now();
  say(`${target.id}  ${target.title}`);
  targetScope = new Scope();
  const context: BenchContext = {
    scope: targetScope,
    runScope,
    size,
    rounds: size === 'quick' ? 3 : 5,
    say: (text) => say(`    ${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`),
  };
  try {
    const rows = await target.run(context);
    for (const row of rows)
      context.say(`${row.verdict.toUpperCase()}  ${row.what}: ${row.figure} (wanted ${row.wanted})`);
    return rows;
  } catch (error) {
    if (isStopping) return [];
    // One target that breaks must not take the figures of the others with it.
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    context.say(text);
    return [skipTarget(target.id, target.title, `It broke: ${text.split('\n')[0] ?? ''}`)];
  } finally {
    await targetScope.close().catch((error: unknown) => say(String(error)));
  }
}

function explainMiss(row: Row): Row {
  if (row.verdict !== 'miss' || row.why !== undefined) return row;
  return { ...row, why: findReason(row) };
}

const code = await main();
if (!isStopping) process.exit(code);
