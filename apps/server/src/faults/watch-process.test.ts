import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';

let test: TestStore;
beforeEach(async () => {
  test = await createTestStore();
});
afterEach(() => test.close());

const addressOf = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);

/** Runs a program that watches itself as ours does, and lets it come to grief. */
async function runDoomed(grief: string): Promise<{ code: number | null; output: string }> {
  const program = `
    import { openStore } from ${JSON.stringify(import.meta.resolve('@devpulse/db/open-store'))};
    import { openLog } from ${addressOf('../log.ts')};
    import { openFaultRecorder } from ${addressOf('./open-fault-recorder.ts')};
    import { watchProcess } from ${addressOf('./watch-process.ts')};
    const log = openLog({ level: 'info' });
    const store = openStore(JSON.parse(process.env.LOGINS), { log: () => undefined });
    watchProcess(openFaultRecorder({ store, log, version: '1.2.3', now: () => new Date() }), log);
    setInterval(() => undefined, 1000);
    ${grief}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    env: { PATH: process.env['PATH'], LOGINS: JSON.stringify(test.store.logins) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('watchProcess', () => {
  it.each([
    ['uncaught error', `setTimeout(() => { throw new RangeError('too far, password=hunter2hunter2'); }, 1);`],
    ['unhandled rejection', `void Promise.reject(new RangeError('too far, password=hunter2hunter2'));`],
  ])('keeps an %s, says it, and lets the program end with a code that tells', async (origin, grief) => {
    const { code, output } = await runDoomed(grief);
    expect(code, output).toBe(1);
    expect(output).toContain(`${origin}; the program ends`);
    const { rows } = await sql`
      select error_class, message, origin, version from faults join fault_occurrences on fault_id = faults.id`.execute(
      test.store.app,
    );
    expect(rows).toEqual([
      { error_class: 'RangeError', message: 'too far, password=[redacted]', origin, version: '1.2.3' },
    ]);
  });
});
