import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { makeDataDir, runCommand } from '@devpulse/server/testing/start-program';
import { pullEvents } from '../method/git-events.ts';
import { shareHistory } from '../method/git-history.ts';
import { divideRounds, measureInTurns } from '../method/rounds.ts';
import type { BenchContext, BenchTarget } from '../method/target.ts';
import { timeSeconds } from '../method/time-seconds.ts';
import { type Row, tellRatio } from '../method/verdict.ts';

/** `devpulse import` beside plain git over the same history. */
export const importHistory: BenchTarget = { id: 'import', title: 'Import of a git history', run: measureImport };

async function measureImport(context: BenchContext): Promise<Row[]> {
  const { folder, commits } = await shareHistory(context);
  const seconds = await measureInTurns(
    {
      import: () => importOnce(context, folder, commits),
      pull: () => timeSeconds(() => pullEvents(folder, () => Promise.resolve())),
      log: () => timeSeconds(() => listHistory(folder)),
    },
    { rounds: Math.min(context.rounds, 5), onStep: (text) => context.say(text) },
  );
  const baseline = `git log --numstat over the same ${commits} commits`;
  return [
    tellRatio(
      { target: 'import', what: 'The git connector alone (time)', baseline, samples: seconds },
      divideRounds(seconds.pull, seconds.log),
    ),
    tellRatio(
      {
        target: 'import',
        what: 'devpulse import from an empty folder to counted days (time)',
        baseline,
        samples: seconds,
      },
      divideRounds(seconds.import, seconds.log),
    ),
  ];
}

async function importOnce(context: BenchContext, folder: string, commits: number): Promise<number> {
  const { dataDir, remove } = await makeDataDir();
  context.scope.defer(remove);
  const began = performance.now();
  const { code, stdout, stderr } = await runCommand(dataDir, ['import', folder], { env: { LOG_LEVEL: 'error' } });
  const seconds = (performance.now() - began) / 1000;
  const found = Number(/^([\d,.\s]+) new events/m.exec(stdout)?.[1]?.replaceAll(/\D/g, '') ?? 0);
  if (code !== 0 || found < commits) throw new Error(`the import failed: ${stdout}${stderr}`);
  await remove();
  return seconds;
}

async function listHistory(folder: string): Promise<void> {
  const child = spawn('git', ['log', '--numstat', '--all'], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout.resume();
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`git log ended with ${code}`);
}
