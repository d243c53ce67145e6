import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RawEvent } from '@devpulse/contract/raw-event';
import { newId } from '@devpulse/db/ids';
import { commitOf } from '../testing/history.ts';
import { ParsePool, type ParsePoolOptions } from './parse-pool.ts';

const workspaceId = newId();
const closing: ParsePool[] = [];
afterEach(async () => {
  for (const pool of closing.splice(0)) await pool.close();
});

function openPool(options: Partial<ParsePoolOptions> = {}): ParsePool {
  const registry = new URL('../testing/registry.ts', import.meta.url).href;
  // Filling a heap takes a busy machine longer than a batch may last; only what is asked about shall end anything here.
  const pool = new ParsePool({
    registry,
    heapMegabytes: 128,
    bufferMegabytes: 64,
    batchTimeoutMs: 60_000,
    ...options,
  });
  closing.push(pool);
  return pool;
}

function eventOf(kind: string, number = 1): RawEvent {
  return { source: 'plain', key: `${kind} ${number}`, kind, body: Buffer.from(JSON.stringify([commitOf(number)])) };
}

const good = [1, 2, 3].map((number) => eventOf('facts', number));

describe('ParsePool', () => {
  it.each([
    ['loops', 'parse_timeout', { eventTimeoutMs: 200 }],
    ['devours', 'parse_memory', {}],
    ['buffers', 'parse_memory', {}],
  ] as const)('names the event that %s (%s), and reads the others of its batch', async (kind, reason, options) => {
    const pool = openPool(options);
    const events = [good[0], eventOf(kind), good[1], eventOf(kind, 2), good[2]].filter((event) => event !== undefined);
    await expect(pool.parse(workspaceId, events)).rejects.toMatchObject({ reason, index: 1 });
    const { outcomes, counts } = await pool.parseAround(workspaceId, events);
    const failed = expect.objectContaining({ failed: reason }) as unknown;
    expect(outcomes).toEqual([{ ok: true }, failed, { ok: true }, failed, { ok: true }]);
    expect(counts.commits).toBe(3);
    await expect(pool.parseAround(workspaceId, events, 1)).rejects.toMatchObject({ reason, index: 2 });
  });

  it.each(['loops', 'devours', 'buffers', 'throws'])(
    'sets an event that %s aside in the thread that reads on',
    async (kind) => {
      const pool = openPool({ setAsideMs: 60, bufferMegabytes: 1024 });
      const events = [good[0], eventOf(kind), good[1], eventOf(kind, 2), good[2]].filter(
        (event) => event !== undefined,
      );
      const { outcomes, counts } = await pool.parse(workspaceId, events);
      const reason = kind === 'throws' ? 'parse_crashed' : 'parse_timeout';
      const failed = expect.objectContaining({ failed: reason }) as unknown;
      expect(outcomes).toEqual([{ ok: true }, failed, { ok: true }, failed, { ok: true }]);
      expect(counts.commits).toBe(3);
    },
  );

  it('lets a large event take as long as it needs beside small ones', async () => {
    const pool = openPool({ setAsideMs: 400 });
    const large = { ...eventOf('slow'), body: Buffer.from('500'.padEnd(6 * 1024 * 1024 + 12_345)) };
    const events = [eventOf('facts'), large, eventOf('loops'), eventOf('facts', 3)];
    const { outcomes } = await pool.parse(workspaceId, events);
    expect(outcomes).toEqual([
      { ok: true },
      { ignored: 'unknown_kind' },
      { failed: 'parse_timeout', detail: 'set aside after 400 ms' },
      { ok: true },
    ]);
  });

  it.each([64 * 1024, 86_031, 700_001])('reads an event of %i bytes at the first try', async (bytes) => {
    const pool = openPool({ setAsideMs: 400 });
    const padded = Buffer.from(JSON.stringify([commitOf(1)]).padEnd(bytes));
    const { outcomes } = await pool.parse(workspaceId, [{ ...eventOf('facts'), body: padded }, eventOf('facts', 2)]);
    expect(outcomes).toEqual([{ ok: true }, { ok: true }]);
  });

  it.each([64 * 1024, 64 * 1024 + 1, 86_091, 1_000_003])('reads a body of %i bytes at the first try', async (bytes) => {
    const pool = openPool({ setAsideMs: 1000 });
    const event = { ...eventOf('facts'), body: Buffer.from(JSON.stringify([commitOf(1)]).padEnd(bytes)) };
    expect((await pool.parse(workspaceId, [event])).outcomes).toEqual([{ ok: true }]);
  });

  it('blames no event when the whole batch is slow', async () => {
    const pool = openPool({ batchTimeoutMs: 300 });
    const many = Array.from({ length: 400 }, (_, number) => ({ ...eventOf('slow', number), body: Buffer.from('5') }));
    await expect(pool.parse(workspaceId, many)).rejects.toMatchObject({ reason: 'parse_timeout', index: null });
  });

  it('gives a large body more time than a small one', async () => {
    const pool = openPool({ eventTimeoutMs: 100 });
    const large = { ...eventOf('loops'), body: Buffer.alloc(4 * 1024 * 1024, 32) };
    const [small, big] = await Promise.all(
      [eventOf('loops'), large].map((event) => pool.parse(workspaceId, [event]).catch((error: Error) => error.message)),
    );
    expect(small).toContain('after 100 ms');
    expect(big).toContain('after 900 ms');
  });

  it('reads while Node watches the files, as in the work loop', async () => {
    const program = fileURLToPath(new URL('../testing/parse-once.ts', import.meta.url));
    const child = spawn(process.execPath, ['--watch', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      let output = '';
      child.stdout.on('data', (text: Buffer) => (output += text.toString()));
      await vi.waitFor(() => expect(output).toContain('1 commits'), { timeout: 30_000, interval: 50 });
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('says at once why it cannot read, when its connectors cannot be loaded', async () => {
    const pool = openPool({ registry: 'data:text/javascript,throw new Error("no such thing")' });
    for (let tries = 0; tries < 3; tries += 1) {
      await expect(pool.parse(workspaceId, good)).rejects.toMatchObject({
        reason: 'parse_crashed',
        index: null,
        message: expect.stringContaining('no such thing') as string,
      });
    }
  });
});
