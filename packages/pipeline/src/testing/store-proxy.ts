import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Connection } from '@devpulse/db/connection';

/** A wire to the database that can be cut. */
export interface StoreProxy {
  /** The connection, by way of the proxy. */
  connection: Connection;
  /** Passes on what is sent, and cuts the wire when the answer comes: done, but nobody heard of it. */
  cutAnswers(): void;
  /** Cuts every wire before anything more is passed on. */
  cutNow(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Opens a proxy on loopback in front of a PostgreSQL, over TCP or its socket. */
export async function openStoreProxy(behind: Connection): Promise<StoreProxy> {
  const wires = new Set<Socket>();
  let mode: 'whole' | 'mute' | 'cut' = 'whole';
  const server: Server = createServer((client) => {
    const upstream = behind.host.startsWith('/')
      ? connect(`${behind.host}/.s.PGSQL.${behind.port}`)
      : connect(behind.port, behind.host);
    const end = (): void => {
      for (const wire of [client, upstream]) {
        wire.destroy();
        wires.delete(wire);
      }
    };
    for (const wire of [client, upstream]) {
      wires.add(wire);
      wire.on('error', end).on('close', end);
    }
    client.on('data', (bytes) => (mode === 'cut' ? end() : upstream.write(bytes)));
    upstream.on('data', (bytes) => (mode === 'whole' ? client.write(bytes) : end()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    connection: { ...behind, host: '127.0.0.1', port },
    cutAnswers: () => {
      mode = 'mute';
    },
    cutNow: () => {
      mode = 'cut';
      for (const wire of wires) wire.destroy();
    },
    mend: () => {
      mode = 'whole';
    },
    close: async () => {
      for (const wire of wires) wire.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
