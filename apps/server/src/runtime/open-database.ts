import { type Log, parseDatabaseUrl } from '@devpulse/db/connection';
import { type EmbeddedStore, openEmbedded } from '@devpulse/db/embedded/open-embedded';
import { type Logins, prepareEmbedded, prepareExternal } from '@devpulse/db/prepare-roles';

/** A PostgreSQL that answers, with the logins of ours on it; its schema may be of another version. */
export interface OpenDatabase {
  /** Null when it is an external PostgreSQL. */
  embedded: EmbeddedStore | null;
  logins: Logins;
}

export interface DatabaseOptions {
  dataDir: string;
  databaseUrl: string | undefined;
  kind: 'server' | 'command';
  log: Log;
  /** Told what is being done now, one line a step. */
  onStep?: (step: string) => void;
  /** Called when PostgreSQL works by itself and there is time for something else. */
  onSpawn?: () => void;
}

const databaseName = 'devpulse';

/** Starts, joins or reaches the database. Loads little: PostgreSQL should start before the rest of the program does. */
export async function openDatabase({ onStep, ...options }: DatabaseOptions): Promise<OpenDatabase> {
  if (options.databaseUrl !== undefined) {
    onStep?.('Checking PostgreSQL');
    return { embedded: null, logins: await prepareExternal(parseDatabaseUrl(options.databaseUrl), options.log) };
  }
  onStep?.('Starting PostgreSQL');
  const embedded = await openEmbedded(options);
  try {
    return { embedded, logins: await prepareEmbedded(embedded.connection, databaseName, options.log) };
  } catch (error) {
    await embedded.stop();
    throw error;
  }
}
