import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ROOT } from './root.ts';
import { findBin, runProgram } from './run-program.ts';

/** What one run of vitest came to. A file that could not even be loaded counts as one failed test. */
export interface TestCount {
  passed: number;
  failed: number;
  ran: Set<string>;
  skipped: Set<string>;
}

interface JsonReport {
  testResults: {
    name: string;
    status: string;
    assertionResults: { fullName: string; status: string }[];
  }[];
}

/** Runs vitest with its usual output and counts from its JSON report. */
export async function runVitest(args: string[], env: NodeJS.ProcessEnv = {}): Promise<TestCount> {
  const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-report-'));
  const file = path.join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  try {
    const command = [findBin('vitest'), 'run', ...reporters, ...args];
    const result = await runProgram(process.execPath, command, { env: { ...process.env, ...env }, show: true });
    const report = await readFile(file, 'utf8').catch(() => null);
    const count = countTests(report === null ? { testResults: [] } : (JSON.parse(report) as JsonReport));
    // Vitest fails without a failed test as well: no tests found, an unhandled error, a crash before the report.
    if (!result.ok && count.failed === 0) count.failed = 1;
    return count;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function countTests(report: JsonReport): TestCount {
  const count: TestCount = { passed: 0, failed: 0, ran: new Set(), skipped: new Set() };
  for (const file of report.testResults) {
    const failures = file.assertionResults.filter((test) => test.status === 'failed').length;
    count.failed += file.status === 'failed' ? Math.max(failures, 1) : failures;
    for (const test of file.assertionResults) {
      const name = `${path.relative(ROOT, file.name)}: ${test.fullName}`;
      if (test.status === 'passed') count.passed += 1;
      if (test.status === 'passed' || test.status === 'failed') count.ran.add(name);
      else count.skipped.add(name);
    }
  }
  return count;
}
