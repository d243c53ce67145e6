// `npm test`: everything that must hold. Every leg runs, also after one failed; a leg that cannot run is a failure.
import { runChecks } from './check.ts';
import { installMissing } from './install-missing.ts';
import { runJourneys } from './journeys.ts';
import { runVitest, type TestCount } from './run-vitest.ts';
import { runExternalSuite } from './test-external.ts';

interface Leg {
  title: string;
  run(): Promise<TestCount>;
}

const legs: Leg[] = [
  { title: 'servers and browser that the tests need', run: async () => count(0, await installMissing()) },
  { title: 'static checks', run: countChecks },
  {
    title: 'tests on the embedded PostgreSQL',
    run: () => runVitest(['--project', 'suite', '--project', 'repository']),
  },
  { title: 'tests on an external PostgreSQL and with Redis', run: () => runExternalSuite([]) },
  { title: 'journeys through a browser', run: () => runJourneys([]) },
];

const total = count(0, []);
const summary: string[] = [];
for (const [index, leg] of legs.entries()) {
  console.log(`\n── ${index + 1}/${legs.length} ${leg.title}`);
  const started = performance.now();
  const result = await runLeg(leg);
  const seconds = Math.round((performance.now() - started) / 1000);
  summary.push(`${leg.title}: ${result.passed} passed, ${result.failed} failed, ${seconds} s`);
  total.passed += result.passed;
  total.failed += result.failed;
  for (const name of result.ran) total.ran.add(name);
  for (const name of result.skipped) total.skipped.add(name);
}

console.log(`\n── summary\n${summary.join('\n')}`);
const neverRan = [...total.skipped.difference(total.ran)];
if (neverRan.length > 0) console.log(`On this machine no leg ran:\n${neverRan.map((name) => `  ${name}`).join('\n')}`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function runLeg(leg: Leg): Promise<TestCount> {
  try {
    return await leg.run();
  } catch (error) {
    return count(0, [`this leg could not run: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

async function countChecks(): Promise<TestCount> {
  const { passed, failed } = await runChecks(null);
  return count(passed, failed);
}

function count(passed: number, faults: string[]): TestCount {
  for (const fault of faults) console.log(`FAILED ${fault}`);
  return { passed, failed: faults.length, ran: new Set(), skipped: new Set() };
}
