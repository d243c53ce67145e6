import {
  prepareEmbeddedTestServer,
  prepareExternalTestServer,
  publishTestServer,
} from '@devpulse/db/testing/test-server';
import { ensureGithubSchemas } from './github-schemas/ensure-github-schemas.ts';

/** One PostgreSQL for the whole run: the one named by TEST_DATABASE_URL, else the embedded one in a folder of its own. */
export default async function startTestServer(): Promise<() => Promise<void>> {
  await ensureGithubSchemas();
  const url = process.env['TEST_DATABASE_URL'];
  if (url !== undefined && url !== '') {
    publishTestServer(await prepareExternalTestServer(url));
    return async () => undefined;
  }
  const { startEmbeddedForTests } = await import('./embedded-server.ts');
  const embedded = await startEmbeddedForTests();
  publishTestServer(await prepareEmbeddedTestServer(embedded.connection));
  return embedded.stop;
}
