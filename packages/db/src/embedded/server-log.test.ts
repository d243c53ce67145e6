import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { openServerLog, type ServerLog } from './server-log.ts';

function openLog(bytesMax: number, before = ''): { log: ServerLog; old: string; folder: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'dp-log-'));
  mkdirSync(path.join(folder, 'logs'));
  writeFileSync(path.join(folder, 'logs', 'postgres.log'), before);
  const log = openServerLog(folder, () => undefined, bytesMax);
  onTestFinished(() => {
    log.close();
    rmSync(folder, { recursive: true });
  });
  return { log, old: path.join(folder, 'logs', 'postgres.1.log'), folder };
}

describe('openServerLog', () => {
  it('goes on in a small log and sets a large one aside', () => {
    const small = openLog(100, 'kept\n');
    closeSync(small.log.open());
    expect(readFileSync(small.log.path, 'utf8')).toBe('kept\n');
    const large = openLog(100, 'x'.repeat(101));
    closeSync(large.log.open());
    expect(statSync(large.log.path).size).toBe(0);
    expect(statSync(large.old).size).toBe(101);
  });

  it('cuts a log that grows while PostgreSQL writes to it', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const { log, old } = openLog(100);
    const descriptor = log.open();
    writeSync(descriptor, 'x'.repeat(101));
    vi.advanceTimersByTime(60 * 60 * 1000);
    expect(statSync(old).size).toBe(101);
    writeSync(descriptor, 'next\n');
    closeSync(descriptor);
    // Without appending, the hole before the old position would fill the file with zeroes.
    expect(readFileSync(log.path, 'utf8')).toBe('next\n');
  });

  it('gives the last lines, and nothing of an empty log', () => {
    const { log } = openLog(10_000, Array.from({ length: 200 }, (_, line) => `line ${line}\n`).join(''));
    expect(log.readEnd()).toBe('line 195\nline 196\nline 197\nline 198\nline 199');
    expect(openLog(100).log.readEnd()).toBe('');
  });

  it('does not follow a link out of the folder', () => {
    const { log, folder } = openLog(100);
    const target = path.join(folder, 'elsewhere');
    writeFileSync(target, '');
    rmSync(log.path);
    symlinkSync(target, log.path);
    expect(() => log.open()).toThrow(/ELOOP/);
  });
});
