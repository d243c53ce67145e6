import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';

let dataDir = '';
let databaseUrl: string | undefined;
let remove: () => Promise<void>;
let program: Program;

beforeAll(async () => {
  ({ dataDir, databaseUrl, remove } = await makeSurroundings());
  program = await startProgram(dataDir);
  const token = /\/setup#([\w-]{43})/.exec(program.output())?.[1] ?? '';
  const answer = await post('/api/v1/setup', {
    token,
    name: 'Ada',
    email: 'ada@example.org',
    zone: 'UTC',
    weekStart: 1,
    password: 'the first password',
  });
  expect(answer.status).toBe(201);
}, 240_000);
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.ended;
  await remove();
});

function post(url: string, body: object): Promise<Response> {
  return fetch(program.address + url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe('devpulse account', { timeout: 240_000 }, () => {
  it('prints a link that sets a new password once, as the mailed one does', async () => {
    const asked = await runCommand(dataDir, ['account', 'link', 'Ada@example.org']);
    expect(asked.stderr).toContain('Give this to Ada');
    const token = /\/reset#(\S+)/.exec(asked.stdout)?.[1] ?? '';
    // Only the embedded store knows where its server is; of another one the command guesses, and says so.
    const address = databaseUrl === undefined ? program.address : 'http://localhost:3000';
    expect(asked.stdout.startsWith(`${address}/reset#`)).toBe(true);
    expect(asked.stderr.includes('if it is another')).toBe(databaseUrl !== undefined);
    const reset = (password: string): Promise<Response> => post('/api/v1/password-reset/confirm', { token, password });
    expect((await reset('the second password')).status).toBe(204);
    expect((await reset('the third password')).status).toBe(403);
    const signIn = (password: string): Promise<Response> =>
      post('/api/v1/session', { email: 'ada@example.org', password });
    expect((await signIn('the first password')).status).toBe(401);
    expect((await signIn('the second password')).status).toBe(201);
  });

  it('says so when there is nothing to help with', async () => {
    const nobody = await runCommand(dataDir, ['account', 'link', 'nobody@example.org']);
    expect([nobody.code, nobody.stdout]).toEqual([1, '']);
    expect(nobody.stderr).toContain('No account has this address');
    const off = await runCommand(dataDir, ['account', 'two-factor-off', 'ada@example.org']);
    expect(off.stderr).toContain('off already');
    expect((await runCommand(dataDir, ['account', 'forget', 'ada@example.org'])).code).toBe(2);
  });
});
