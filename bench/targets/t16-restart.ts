import { programEnv } from '../method/program-env.ts';
import { killPostgres, type Program, startProgram } from '@devpulse/server/testing/start-program';
import { awaitAnswer, findPort } from '../method/await-answer.ts';
import { prepareBare } from '../method/bare-postgres.ts';
import { type BenchProgram, openProgram, stopProgram } from '../method/open-program.ts';
import type { BenchContext, BenchTarget } from '../method/target.ts';
import { judgeCeiling, type Row } from '../method/verdict.ts';

const withinMs = 30_000;

/** T16: how soon it is there again. */
export const restart: BenchTarget = { id: 'T16', title: 'Restart on a folder with data', run: measureRestart };

const ways = {
  warm: { words: 'Warm restart', atMost: 1 },
  killed: { words: 'Restart after kill -9 of the program', atMost: 1.5 },
  bothKilled: { words: 'Restart after kill -9 of program and PostgreSQL', atMost: 1.5 },
} as const;
type Way = keyof typeof ways;

async function measureRestart(context: BenchContext): Promise<Row[]> {
  const restarts = new Restarts(await openProgram(context.scope));
  context.scope.defer(() => restarts.close());
  const bare = await prepareBare(context.scope);
  await bare.begin();
  const floor: number[] = [];
  const pages: Record<Way, number[]> = { warm: [], killed: [], bothKilled: [] };
  const acks: Record<Way, number[]> = { warm: [], killed: [], bothKilled: [] };
  for (let round = 0; round < context.rounds; round += 1) {
    await bare.stop();
    floor.push(await bare.start());
    for (const way of Object.keys(ways) as Way[]) {
      context.say(`${ways[way].words} ${round + 1}/${context.rounds}`);
      const { page, ack } = await restarts.run(way);
      pages[way].push(page);
      acks[way].push(ack);
    }
  }
  const baseline = 'none; the same PostgreSQL alone, restarted in the same rounds, is among the samples';
  return (Object.keys(ways) as Way[]).flatMap((way) => [
    judgeCeiling(
      {
        target: 'T16',
        what: `${ways[way].words} to the first page with 200`,
        baseline,
        samples: { seconds: pages[way], postgres: floor },
      },
      pages[way],
      {
        atMost: ways[way].atMost,
        unit: 's',
      },
    ),
    judgeCeiling(
      {
        target: 'T16',
        what: `${ways[way].words} to the first durable acknowledgement`,
        baseline,
        samples: { seconds: acks[way], postgres: floor },
      },
      acks[way],
      {
        atMost: ways[way].atMost,
        unit: 's',
      },
    ),
  ]);
}

/** A program that is ended in one way or another, and started again on the same folder. */
class Restarts {
  readonly #first: BenchProgram;
  #running: Program;
  #events = 0;

  constructor(first: BenchProgram) {
    this.#first = first;
    this.#running = first.program;
  }

  async run(way: Way): Promise<{ page: number; ack: number }> {
    await this.#end(way);
    const port = await findPort();
    const { dataDir, token } = this.#first;
    const starting = startProgram(dataDir, { args: ['--port', String(port)], env: programEnv });
    const base = `http://127.0.0.1:${port}`;
    const sendEvent = (): Promise<Response> =>
      fetch(`${base}/api/v1/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ source: 'git', key: `restart-${(this.#events += 1)}`, kind: 'bench', payload: {} }),
      });
    const [page, ack] = await Promise.all([
      awaitAnswer(() => fetch(`${base}/`), { status: 200, withinMs }),
      awaitAnswer(sendEvent, { status: 202, withinMs }),
    ]);
    this.#running = await starting;
    return { page, ack };
  }

  async #end(way: Way): Promise<void> {
    if (way === 'warm') return stopProgram(this.#running);
    if (way === 'bothKilled') await killPostgres(this.#first.dataDir, 'SIGKILL');
    this.#running.child.kill('SIGKILL');
    await this.#running.ended;
  }

  close(): Promise<void> {
    return stopProgram(this.#running);
  }
}
