import { setTimeout as sleep } from 'node:timers/promises';
import { postgresPid } from '@devpulse/server/testing/start-program';
import { prepareBare } from '../method/bare-postgres.ts';
import { readPss, readTreePss } from '../method/memory.ts';
import { openFloor } from '../method/open-floor.ts';
import { openAlone } from '../method/open-program.ts';
import { divideRounds } from '../method/rounds.ts';
import { Scope } from '../method/scope.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { judgeRatio, type Row, skipTarget } from '../method/verdict.ts';

const megabyte = 2 ** 20;

/** T13: what the program and its PostgreSQL hold in memory when nothing happens. */
export const idleMemory: BenchTarget = { id: 'T13', title: 'Idle memory', run: measureIdleMemory };

async function measureIdleMemory(context: BenchContext): Promise<Row[]> {
  if (process.platform !== 'linux')
    return [skipTarget('T13', 'Idle memory', 'The share of shared memory (PSS) can be read on Linux only.')];
  const idleSeconds = bySize(context, { quick: 5, default: 15, full: 600 });
  const rounds = bySize(context, { quick: 2, default: context.rounds, full: 1 });
  const samples: Record<'program' | 'fastify' | 'store' | 'postgres', number[]> = {
    program: [],
    fastify: [],
    store: [],
    postgres: [],
  };
  for (let round = 0; round < rounds; round += 1) {
    context.say(`idle ${round + 1}/${rounds}`);
    const found = await readIdle(context, idleSeconds);
    for (const name of ['program', 'fastify', 'store', 'postgres'] as const) samples[name].push(found[name]);
  }
  const idle = `after ${idleSeconds} s of idling (MiB of PSS)`;
  return [
    judgeRatio(
      {
        target: 'T13',
        what: `The program ${idle}`,
        baseline: 'a bare Fastify process',
        samples: { program: samples.program, fastify: samples.fastify },
      },
      divideRounds(samples.program, samples.fastify),
      { atMost: 2 },
    ),
    judgeRatio(
      {
        target: 'T13',
        what: `Its PostgreSQL, all processes ${idle}`,
        baseline: 'the same PostgreSQL with the same settings and nobody connected',
        samples: { store: samples.store, postgres: samples.postgres },
      },
      divideRounds(samples.store, samples.postgres),
      { atMost: 2 },
    ),
  ];
}

/** All four idle side by side: they share the pages of the same programs equally. */
async function readIdle(
  context: BenchContext,
  seconds: number,
): Promise<Record<'program' | 'fastify' | 'store' | 'postgres', number>> {
  const scope = new Scope();
  context.scope.defer(() => scope.close());
  const program = await openAlone(scope);
  const floor = await openFloor(scope, 'secret');
  const bare = await prepareBare(scope);
  await bare.begin();
  for (const port of [program.port, floor.port]) await (await fetch(`http://127.0.0.1:${port}/`)).arrayBuffer();
  await sleep(seconds * 1000);
  const found = {
    program: readPss(program.pid) / megabyte,
    fastify: readPss(floor.pid) / megabyte,
    store: readTreePss((await postgresPid(program.dataDir)) ?? 0) / megabyte,
    postgres: readTreePss(bare.pid()) / megabyte,
  };
  await scope.close();
  return found;
}
