import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoView } from '@devpulse/contract/wire/demo';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';

let dataDir = '';
let remove: () => Promise<void>;
let program: Program | undefined;

beforeAll(async () => {
  ({ dataDir, remove } = await makeSurroundings());
});
afterAll(async () => {
  program?.child.kill('SIGKILL');
  await program?.ended;
  await remove();
});

async function eventually(check: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 1200; tries += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('it never came about');
}

describe('the demo of a running program', { timeout: 240_000 }, () => {
  it('is made at the start, survives a kill in the middle, and goes in one action', async () => {
    const first = await startProgram(dataDir, { args: ['--demo'] });
    program = first;
    const token = (await runCommand(dataDir, ['token', 'create', '--scope', 'read,sources'])).stdout.trim();
    const look = async (address: string): Promise<DemoView> => {
      const answer = await fetch(`${address}/api/v1/demo`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(200);
      return (await answer.json()) as DemoView;
    };
    let seen: DemoView | undefined;
    await eventually(async () => {
      seen = await look(first.address);
      return ['Reading commits', 'Taking commits in', 'Counting days'].includes(seen.progress?.what ?? '');
    });
    first.child.kill('SIGKILL');
    await first.ended;

    const added = await runCommand(dataDir, ['demo', 'add']);
    expect([added.code, added.stdout]).toEqual([0, expect.stringMatching(/^The demo is ready/)]);
    expect((await runCommand(dataDir, ['demo', 'status'])).stdout).toMatch(/^The demo is ready/);
    const verified = await runCommand(dataDir, ['verify']);
    expect([verified.code, verified.stdout.match(/^No difference/gm)?.length]).toEqual([0, 2]);
    // Whoever works here has read nothing yet, whatever the demo holds.
    const own = await runCommand(dataDir, ['metric', 'commits', '--subject', 'workspace', '--json']);
    expect(JSON.parse(own.stdout)).toMatchObject({ state: 'unknown' });

    const second = await startProgram(dataDir, { args: ['--demo'] });
    program = second;
    await eventually(() => second.output().includes('The demo is ready'));
    expect(await look(second.address)).toMatchObject({ state: 'ready', workspaceId: seen?.workspaceId });
    expect((await runCommand(dataDir, ['demo', 'remove'])).stdout).toMatch(/^The demo is gone/);
    expect(await look(second.address)).toMatchObject({ state: 'absent', workspaceId: null });
    expect((await runCommand(dataDir, ['demo', 'remove'])).stdout).toMatch(/^There was no demo/);
    expect((await runCommand(dataDir, ['demo', 'make'])).code).toBe(2);
    second.child.kill('SIGTERM');
    expect((await second.ended).code).toBe(0);
  });
});
