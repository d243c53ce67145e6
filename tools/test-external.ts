// `npm run test:pg`: the suite on an external PostgreSQL and with Redis. Arguments go to vitest.
import { startExternalServers } from './external-servers.ts';
import { findUnboundTests, tellByFolder } from './find-unbound-tests.ts';
import { runVitest, type TestCount } from './run-vitest.ts';

/** Runs the suite against servers that are started for it and thrown away afterwards. */
export async function runExternalSuite(args: string[]): Promise<TestCount> {
  // Whoever names files gets exactly those.
  const left = args.length === 0 ? findSuiteTests() : [];
  if (left.length > 0) {
    console.log(`${left.length} test files come near neither PostgreSQL nor Redis of a run; the other leg runs them:`);
    console.log(tellByFolder(left));
  }
  const servers = await startExternalServers();
  try {
    const env = { TEST_DATABASE_URL: servers.databaseUrl, TEST_REDIS_URL: servers.redisUrl };
    const without = left.flatMap((file) => ['--exclude', file]);
    return await runVitest(['--project', 'suite', ...without, ...args], env);
  } finally {
    await servers.stop();
  }
}

function findSuiteTests(): string[] {
  return findUnboundTests().filter((file) => !/^(test|tools)\//.test(file) || file.startsWith('test/scenarios/'));
}

if (import.meta.main) {
  const { failed } = await runExternalSuite(process.argv.slice(2));
  process.exitCode = failed > 0 ? 1 : 0;
}
