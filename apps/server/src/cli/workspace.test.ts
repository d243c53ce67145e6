import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { runCommand } from '../testing/start-program.ts';

let folder = '';
let dataDir = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'devpulse-cli-'));
  ({ dataDir, remove } = await makeSurroundings());
});
afterAll(async () => {
  await remove();
  await rm(folder, { recursive: true, force: true });
});

const devpulse = (...args: string[]) => runCommand(dataDir, args, { cwd: folder, env: { HOME: folder } });

describe('devpulse workspace and devpulse member', { timeout: 240_000 }, () => {
  it('show what there is, and refuse what would leave nobody in charge', async () => {
    const list = await devpulse('workspace', 'list');
    expect(list).toMatchObject({ code: 0 });
    expect(list.stdout).toMatch(
      /^my-work {2}[0-9a-f-]{36} {2}personal {2}1 active {2}since \d{4}-\d\d-\d\d {2}My work {2}\(looks after the instance\)$/m,
    );
    const members = await devpulse('member', 'list', '--workspace', 'my-work');
    expect(members.stdout).toMatch(/^[0-9a-f-]{36} {2}owner {2}active {2}since .+\(nobody signs in as this person\)$/m);
    const owner = members.stdout.slice(0, 36);

    const lowered = await devpulse('member', 'role', owner, 'member');
    expect([lowered.code, lowered.stderr]).toEqual([1, expect.stringContaining('at least one owner')]);
    expect((await devpulse('member', 'role', owner, 'king')).code).toBe(2);
    expect((await devpulse('member', 'role', 'somebody', 'admin')).code).toBe(2);

    const unknown = await devpulse('member', 'list', '--workspace', 'elsewhere');
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('There is no workspace "elsewhere"')]);
    const named = await devpulse('workspace', 'operator', 'my-work');
    expect(named.stdout).toContain('Owners and admins of My work look after the instance');
    expect((await devpulse('workspace', 'operator')).code).toBe(2);
  });
});
