import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepRun, type RunRecord, writeReport } from './results.ts';
import { judgeRatio, skipTarget } from './verdict.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'devpulse-bench-results-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function runOf(second: number): RunRecord {
  const claim = { target: 'T0', what: 'a | b', baseline: 'c' };
  return {
    startedAt: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString(),
    seconds: 1,
    size: 'default',
    machine: { cpu: 'x', cores: 2, memoryGiB: 1, system: 's', node: 'v', postgres: 'p', git: 'g', commit: 'c' },
    loads: { T0: { load: 1, busiest: [] } },
    rows: [judgeRatio(claim, [1, 1, 1], { atLeast: 2 }), skipTarget('T18', 'Lighthouse', 'It could not be fetched.')],
  };
}

describe('keepRun', () => {
  it('keeps the last twenty runs, the newest last', () => {
    for (let second = 0; second < 23; second += 1) keepRun(runOf(second), folder, true);
    const { runs } = JSON.parse(readFileSync(path.join(folder, 'results.json'), 'utf8')) as { runs: RunRecord[] };
    expect(runs).toHaveLength(20);
    expect(runs.map(({ startedAt }) => startedAt.slice(17, 19)).slice(0, 2)).toEqual(['03', '04']);
    expect(runs.at(-1)?.startedAt).toContain(':22');
  });

  it('does not let a part of the targets replace the report of all', () => {
    keepRun(runOf(1), folder, true);
    const whole = readFileSync(path.join(folder, 'results.md'), 'utf8');
    keepRun(runOf(2), folder, false);
    expect(readFileSync(path.join(folder, 'results.md'), 'utf8')).toBe(whole);
  });
});

describe('writeReport', () => {
  it('tells misses and what was not run as plainly as a pass', () => {
    let text = '';
    writeReport(runOf(1), (more) => (text += more));
    expect(text).toContain('| T0 | a \\| b | ≥ 2 × | 1.00 × | 1.00 × | **miss** | c |');
    expect(text).toContain('**not run** |  | It could not be fetched. |');
    expect(text).toContain('1 miss, 1 not run.');
  });
});
