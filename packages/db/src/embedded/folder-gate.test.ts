import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { tryGate } from './folder-gate.ts';

function makeTemporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'dp-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const keep = (): undefined => undefined;

/** Another process that takes the gate, says whether it got it and keeps it. */
async function takeElsewhere(folder: string): Promise<{ got: boolean; kill: () => Promise<void> }> {
  const program = `const { tryGate } = await import(${JSON.stringify(path.join(import.meta.dirname, 'folder-gate.ts'))});
    globalThis.gate = tryGate(${JSON.stringify(folder)}, () => undefined);
    console.log(globalThis.gate !== null); setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return {
    got: said.toString().trim() === 'true',
    kill: async () => {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

describe('tryGate', () => {
  it('lets one in at a time, in this process and in others', async () => {
    const folder = makeTemporary();
    const gate = tryGate(folder, keep);
    expect(gate).not.toBeNull();
    expect(tryGate(folder, keep)).toBeNull();
    expect((await takeElsewhere(folder)).got).toBe(false);
    gate?.release();
    const other = await takeElsewhere(folder);
    expect(other.got).toBe(true);
    expect(tryGate(folder, keep)).toBeNull();
  });

  it('is free as soon as its process is killed, and leaves one empty file', async () => {
    const folder = makeTemporary();
    const other = await takeElsewhere(folder);
    await other.kill();
    const gate = tryGate(folder, keep);
    expect(gate).not.toBeNull();
    expect(readdirSync(folder)).toEqual(['owner.lock']);
    gate?.release();
  });

  it('says what is wrong with a file that is no lock', () => {
    const folder = makeTemporary();
    writeFileSync(path.join(folder, 'owner.lock'), 'something else entirely, longer than a header'.repeat(10));
    expect(() => tryGate(folder, keep)).toThrow(/owner\.lock cannot be used/);
  });
});
