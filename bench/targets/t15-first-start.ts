import { programEnv } from '../method/program-env.ts';
import { makeDataDir, startProgram } from '@devpulse/server/testing/start-program';
import { awaitAnswer, findPort } from '../method/await-answer.ts';
import { prepareBare } from '../method/bare-postgres.ts';
import { stopProgram } from '../method/open-program.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import { Scope } from '../method/scope.ts';
import type { BenchContext, BenchTarget } from '../method/target.ts';
import { judgeCeiling, judgeRatio, type Row } from '../method/verdict.ts';

const withinMs = 30_000;

/** T15: from nothing to the first page. */
export const firstStart: BenchTarget = {
  id: 'T15',
  title: 'First start on an empty data folder',
  run: measureFirstStart,
};

async function measureFirstStart(context: BenchContext): Promise<Row[]> {
  const samples = await measureInTurns(
    {
      program: () => inScope(context, startOnce),
      postgres: () => inScope(context, async (scope) => (await prepareBare(scope)).begin()),
    },
    { rounds: context.rounds, onStep: (text) => context.say(text) },
  );
  const claim = { target: 'T15', what: 'Empty data folder to the first page with 200', samples };
  return [
    judgeRatio(
      { ...claim, baseline: 'initdb and the same PostgreSQL until it answers' },
      divideRounds(samples.program, samples.postgres),
      { atMost: 2 },
    ),
    judgeCeiling({ ...claim, baseline: 'none' }, samples.program, { atMost: 2.5, unit: 's' }),
  ];
}

async function startOnce(scope: Scope): Promise<number> {
  const { dataDir, remove } = await makeDataDir();
  scope.defer(remove);
  const port = await findPort();
  const starting = startProgram(dataDir, { args: ['--port', String(port)], env: programEnv });
  scope.defer(async () => stopProgram(await starting));
  const seconds = await awaitAnswer(() => fetch(`http://127.0.0.1:${port}/`), { status: 200, withinMs });
  await starting;
  return seconds;
}

/** What was started for one measurement is gone before the next. */
async function inScope(context: BenchContext, work: (scope: Scope) => Promise<number>): Promise<number> {
  const scope = new Scope();
  context.scope.defer(() => scope.close());
  try {
    return await work(scope);
  } finally {
    await scope.close();
  }
}
