// `npm run journeys`: what a person does, in a real browser, on the real program. Arguments go to vitest.
import { buildWeb } from './build-web.ts';
import { runVitest, type TestCount } from './run-vitest.ts';

/** Builds the screens and walks through them. */
export async function runJourneys(args: string[]): Promise<TestCount> {
  await buildWeb();
  return runVitest(['--project', 'journeys', ...args]);
}

if (import.meta.main) {
  const { failed } = await runJourneys(process.argv.slice(2));
  process.exitCode = failed > 0 ? 1 : 0;
}
