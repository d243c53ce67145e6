import { execFile } from 'node:child_process';
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { killPostgres, runCommand, startProgram } from '../testing/start-program.ts';

const run = promisify(execFile);
const sizeMegabytes = 320;
const leftMegabytes = 40;

// Only root may mount a small file system; the reserve itself is tested for everybody beside this file.
const describeAsRootWhoMayMount = process.getuid?.() === 0 ? describe : describe.skip;

async function send(address: string, token: string, key: string): Promise<number> {
  const response = await fetch(`${address}/api/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      source: 'git',
      kind: 'reach-baseline',
      key,
      payload: { repository: 'path:/x', snapshot: 1 },
    }),
  });
  return response.status;
}

async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('it never came about');
}

describeAsRootWhoMayMount('a disk that fills up (a small one, which only root may mount)', { timeout: 120_000 }, () => {
  it('stops taking events before it is full, goes on answering, and takes them again when there is room', async () => {
    const mount = await mkdtemp(path.join(tmpdir(), 'devpulse-small-'));
    await run('mount', ['-t', 'tmpfs', '-o', `size=${sizeMegabytes}m,mode=755`, 'tmpfs', mount]);
    const dataDir = path.join(mount, 'data');
    try {
      const program = await startProgram(dataDir);
      const token = (
        await runCommand(dataDir, ['token', 'create', '--scope', 'events', '--scope', 'read'])
      ).stdout.trim();
      expect(await send(program.address, token, 'before')).toBe(202);
      const disk = await statfs(mount);
      await writeFile(path.join(mount, 'filler'), Buffer.alloc(disk.bavail * disk.bsize - leftMegabytes * 1024 * 1024));
      await eventually(async () => (await send(program.address, token, 'while full')) === 507);
      expect(
        (await fetch(`${program.address}/api/v1/metrics`, { headers: { authorization: `Bearer ${token}` } })).status,
      ).toBe(200);
      await rm(path.join(mount, 'filler'));
      await eventually(async () => (await send(program.address, token, 'after')) === 202);
      program.child.kill('SIGTERM');
      expect((await program.ended).code).toBe(0);
    } finally {
      await killPostgres(dataDir, 'SIGKILL');
      await run('umount', ['--lazy', mount]);
      await rm(mount, { recursive: true, force: true });
    }
  });
});
