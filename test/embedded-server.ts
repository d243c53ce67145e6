import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Connection } from '@devpulse/db/connection';
import { openEmbedded } from '@devpulse/db/embedded/open-embedded';

/** Starts the embedded PostgreSQL in a temporary folder, exactly as the product does. */
export async function startEmbeddedForTests(): Promise<{ connection: Connection; stop: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'devpulse-test-'));
  const embedded = await openEmbedded({ dataDir: folder, kind: 'server', log: () => undefined });
  return {
    connection: embedded.connection,
    stop: async () => {
      await embedded.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
