import { createTestDatabase } from '@devpulse/db/testing/test-server';
import { makeDataDir, setSurroundings } from './start-program.ts';

/** A data folder, on the external PostgreSQL and Redis where the suite runs on those, else with the embedded store. */
export async function makeSurroundings(): Promise<{
  dataDir: string;
  databaseUrl: string | undefined;
  remove: () => Promise<void>;
}> {
  const { dataDir, remove } = await makeDataDir();
  if (process.env['TEST_DATABASE_URL'] === undefined) return { dataDir, databaseUrl: undefined, remove };
  const { logins, drop } = await createTestDatabase({ empty: true });
  const { user, password, host, port, database } = logins.owner;
  const databaseUrl = `postgres://${user}:${encodeURIComponent(password)}@localhost:${port}/${database}?host=${encodeURIComponent(host)}`;
  const redisUrl = process.env['TEST_REDIS_URL'];
  setSurroundings(dataDir, { DATABASE_URL: databaseUrl, ...(redisUrl === undefined ? {} : { REDIS_URL: redisUrl }) });
  return {
    dataDir,
    databaseUrl,
    remove: async () => {
      setSurroundings(dataDir, null);
      await remove();
      await drop();
    },
  };
}
