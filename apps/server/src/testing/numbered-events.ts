import { expect, onTestFinished } from 'vitest';
import { makeDataDir, type Program, runCommand, startProgram } from './start-program.ts';

interface Listed {
  events: { key: string }[];
  nextCursor: string | null;
}

/** The program on a data folder, until the test ends. */
export async function start(dataDir: string): Promise<Program & { stop(): Promise<void> }> {
  const program = await startProgram(dataDir);
  const stop = async (): Promise<void> => {
    program.child.kill('SIGTERM');
    await program.ended;
  };
  onTestFinished(stop);
  return { ...program, stop };
}

/** A data folder, until the test ends. */
export async function makeFolder(): Promise<string> {
  const { dataDir, remove } = await makeDataDir();
  onTestFinished(remove);
  return dataDir;
}

/** Sends numbered events one after the other until it is told to stop; each counts once it was acknowledged. */
export function sendEvents(address: string, token: string): { acknowledged(): number; stop(): Promise<number> } {
  let sent = 0;
  let isOver = false;
  const sending = (async () => {
    while (!isOver) {
      const n = sent + 1;
      const payload = {
        repository: `/code/${n}`,
        path: `/code/${n}`,
        name: `repository ${n}`,
        url: null,
        defaultBranch: 'main',
        observedAt: '2026-01-01T00:00:00Z',
      };
      const response = await fetch(`${address}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          source: 'git',
          key: `event ${n}`,
          kind: 'repository',
          payload: JSON.stringify(payload),
        }),
      });
      expect(response.status).toBe(202);
      sent = n;
    }
    return sent;
  })();
  return {
    acknowledged: () => sent,
    stop: () => {
      isOver = true;
      return sending;
    },
  };
}

/** The numbers of all events that the program has, in order. */
export async function listKeys(address: string, token: string): Promise<number[]> {
  const numbers: number[] = [];
  for (let cursor = ''; ;) {
    const response = await fetch(`${address}/api/v1/raw-events?limit=200${cursor}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { events, nextCursor } = (await response.json()) as Listed;
    numbers.push(...events.map((event) => Number(event.key.replace('event ', ''))));
    if (nextCursor === null) return numbers.toSorted((a, b) => a - b);
    cursor = `&cursor=${nextCursor}`;
  }
}

/** A token that may send, read and operate. */
export async function makeToken(dataDir: string): Promise<string> {
  const scopes = ['read', 'events', 'operate'].flatMap((scope) => ['--scope', scope]);
  return (await runCommand(dataDir, ['token', 'create', ...scopes])).stdout.trim();
}
