import { Redis, type RedisOptions } from 'ioredis';
import { reconnectPause } from './reconnect-pause.ts';

/**
 * The connection of BullMQ's workers, which remembers the copies they make of it to block on. A worker that closes
 * while Redis is away parks its copy between two attempts to connect and waits for an end that never comes, and the
 * process lives on with it.
 */
export class WorkerConnection extends Redis {
  readonly #copies: Redis[] = [];
  readonly #attempts: { over: boolean };

  constructor(url: string) {
    const attempts = { over: false };
    super(url, {
      // Workers must outlive any outage, so no command of theirs may give up.
      maxRetriesPerRequest: null,
      retryStrategy: (times) => (attempts.over ? null : reconnectPause(times)),
    });
    this.#attempts = attempts;
  }

  override duplicate(override?: Partial<RedisOptions>): Redis {
    const copy = super.duplicate(override);
    this.#copies.push(copy);
    return copy;
  }

  /** Ends this connection and every copy of it, also those that are not connected. */
  async endAll(): Promise<void> {
    this.#attempts.over = true;
    await Promise.all([this, ...this.#copies].map(endConnection));
  }
}

async function endConnection(connection: Redis): Promise<void> {
  // A last attempt, because only its failure (or success) leads a parked connection to its end.
  if (connection.status === 'reconnecting') await Promise.allSettled([connection.connect()]);
  // Disconnecting what has ended arms a timer for a socket that is gone, which holds the process for 2 s.
  if (connection.status !== 'end') connection.disconnect();
}
