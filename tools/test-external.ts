// `npm run test:pg`: the suite on an external PostgreSQL and with Redis. Arguments go to vitest.
import { startExternalServers } from './external-servers.ts';
import { runVitest, type TestCount } from './run-vitest.ts';

/** Runs the suite against servers that are started for it and thrown away afterwards. */
export async function runExternalSuite(args: string[]): Promise<TestCount> {
  const servers = await startExternalServers();
  try {
    const env = { TEST_DATABASE_URL: servers.databaseUrl, TEST_REDIS_URL: servers.redisUrl };
    return await runVitest(['--project', 'suite', ...args], env);
  } finally {
    await servers.stop();
  }
}

if (import.meta.main) {
  const { failed } = await runExternalSuite(process.argv.slice(2));
  process.exitCode = failed > 0 ? 1 : 0;
}
