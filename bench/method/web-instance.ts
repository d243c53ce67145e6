import { existsSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from '@devpulse/server/testing/start-program';
import { buildFolder } from '@devpulse/server/web/read-build';
import { growHistory } from './git-history.ts';
import { type BenchProgram, openProgram } from './open-program.ts';
import { awaitSettled } from './settle.ts';
import type { BenchContext } from './target.ts';

const password = 'a password of the bench';
const commits = 3000;

/** Why there are no screens to measure, or null when there are. */
export function findMissingScreens(): string | null {
  return existsSync(path.join(buildFolder, 'index.html')) ? null : 'The screens are not built; npm start builds them.';
}

/** An instance as a browser meets it: before it is owned, and then with an owner and a history. */
export interface WebInstance {
  program: BenchProgram;
  base: string;
  setUpUrl: string;
  /** Takes it over, gives it a history, and answers the cookie of its owner. */
  own(): Promise<string>;
}

/** Opens an instance that nobody owns yet. */
export async function openWebInstance(context: BenchContext): Promise<WebInstance> {
  const program = await openProgram(context.scope);
  const base = program.program.address;
  const link = /(http\S+\/setup#)([\w-]{20,})/.exec(program.program.output());
  if (link === null) throw new Error('the program printed no one-time link');
  return {
    program,
    base,
    setUpUrl: `${link[1]}${link[2]}`,
    own: async () => {
      const cookie = await setUp(base, link[2] ?? '');
      await addHistory(program);
      return cookie;
    },
  };
}

async function setUp(base: string, token: string): Promise<string> {
  const response = await fetch(`${base}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: base },
    body: JSON.stringify({
      token,
      name: 'Person 0',
      email: 'person0@example.org',
      zone: 'Europe/Berlin',
      weekStart: 1,
      password,
    }),
  });
  const cookie = response.headers.get('set-cookie')?.split(';')[0];
  if (!response.ok || cookie === undefined)
    throw new Error(`set-up answered ${response.status}: ${await response.text()}`);
  return cookie;
}

async function addHistory(program: BenchProgram): Promise<void> {
  const folder = path.join(program.dataDir, 'bench-history');
  await growHistory(folder, commits);
  for (const command of [
    ['import', folder],
    ['person', 'link', 'person0@example.org'],
  ]) {
    const { code, stdout, stderr } = await runCommand(program.dataDir, command);
    if (code !== 0) throw new Error(`${command.join(' ')}: ${stdout}${stderr}`);
  }
  await awaitSettled(program.admin);
}
