// A process that opens the store and does what its standard input says, so that tests can kill it for real.
import { createInterface } from 'node:readline';
import pg from 'pg';
import type { Connection } from '../../connection.ts';
import { type EmbeddedStore, openEmbedded } from '../open-embedded.ts';

interface Order {
  dataDir: string;
  kind: 'server' | 'command';
  waitForHolderMs?: number;
  umask?: number;
  /** Become this user before opening; its modules are read before that. */
  user?: { uid: number; gid: number };
}

const { user, umask, ...options } = JSON.parse(process.argv[2] ?? '{}') as Order;
if (umask !== undefined) process.umask(umask);
if (user) {
  process.setgroups?.([]);
  process.setgid?.(user.gid);
  process.setuid?.(user.uid);
}
const tell = (message: object): void => void process.stdout.write(`${JSON.stringify(message)}\n`);

try {
  const store = await openEmbedded({
    ...options,
    log: (level, text, detail) => tell({ event: 'log', level, text, detail }),
  });
  obey(store);
  tell({ event: 'open', standing: store.standing, holder: store.holder, connection: store.connection });
} catch (error) {
  const { name, message, code, holder } = error as Error & { code?: string; holder?: object };
  tell({ event: 'refused', name, message, code, holder });
}

function obey(store: EmbeddedStore): void {
  const stop = async (): Promise<void> => {
    await store.stop();
    tell({ event: 'stopped' });
    input.close();
  };
  const input = createInterface({ input: process.stdin });
  input.on('line', (line) => {
    if (line === 'stop') void stop();
    if (line === 'exit') process.exit(0);
    if (line.startsWith('announce ')) void store.announce(line.slice(9)).then(() => tell({ event: 'announced' }));
  });
  // As a server does: it finishes what it has in hand, and needs PostgreSQL for that.
  process.on('SIGINT', () => {
    setTimeout(
      () =>
        void askOnce(store.connection)
          .then((answer) => tell({ event: 'in-hand', answer }))
          .then(stop),
      500,
    );
  });
}

async function askOnce(connection: Connection): Promise<unknown> {
  const client = new pg.Client(connection);
  try {
    await client.connect();
    return (await client.query<{ answer: string }>('select pg_postmaster_start_time()::text as answer')).rows[0]
      ?.answer;
  } catch (error) {
    return String(error);
  } finally {
    await client.end();
  }
}
