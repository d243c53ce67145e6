import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '@devpulse/db/ids';
import { openFaultRecorder } from '../faults/open-fault-recorder.ts';
import { openLog } from '../log.ts';
import { openRuntime } from '../runtime/open-runtime.ts';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { runCommand } from '../testing/start-program.ts';

let dataDir = '';
let databaseUrl: string | undefined;
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
  const { store, close } = await openRuntime({ dataDir, databaseUrl, kind: 'command', log: () => undefined });
  const log = openLog({ level: 'silent' });
  const faults = openFaultRecorder({ store, log, version: '1.2.3', now: () => new Date() });
  for (let time = 0; time < 12; time += 1) faults.record({ error: new TypeError('x is y'), origin: 'job roll-up' });
  await faults.flush();
  await close();
});
afterAll(() => remove());

describe('devpulse faults', { timeout: 120_000 }, () => {
  it('lists what is not resolved, shows one with its steps, and resolves it', async () => {
    const listed = await runCommand(dataDir, ['faults']);
    expect(listed.stdout).toMatch(/open +\S+ +12 +TypeError +job roll-up +x is y\n/);
    const id = /^[0-9a-f-]{36}/m.exec(listed.stdout)?.[0] ?? '';
    const shown = await runCommand(dataDir, ['faults', 'show', id]);
    expect(shown.stdout).toMatch(/times +12\n/);
    expect(shown.stdout).toMatch(/job roll-up, version 1\.2\.3, and 2 right before\nx is y\n +at /);
    expect((await runCommand(dataDir, ['faults', 'resolve', id])).stdout).toMatch(/^1 resolved/);
    expect((await runCommand(dataDir, ['faults', 'resolve', '--all'])).stdout).toMatch(/^0 resolved/);
    expect((await runCommand(dataDir, ['faults'])).stdout).toBe('No unresolved faults.\n');
    expect((await runCommand(dataDir, ['faults', '--all'])).stdout).toContain('resolved');
  });

  it('says what it does not understand or find', async () => {
    const words = [
      ['faults', 'mend'],
      ['faults', 'show'],
      ['faults', 'show', 'x'],
      ['faults', 'resolve'],
    ];
    for (const args of words) expect((await runCommand(dataDir, args)).code, args.join(' ')).toBe(2);
    expect((await runCommand(dataDir, ['faults', 'show', newId()])).code).toBe(1);
  });
});
