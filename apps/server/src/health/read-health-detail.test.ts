import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSurroundings, type Program, runCommand, startProgram } from '../testing/start-program.ts';

let program: Program;
let dataDir = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataDir, remove } = await makeSurroundings());
  program = await startProgram(dataDir);
});
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.ended;
  await remove();
});

async function read(scope: string | null): Promise<{ status: number; body: unknown }> {
  const token =
    scope === null ? null : (await runCommand(dataDir, ['token', 'create', '--scope', scope])).stdout.trim();
  const response = await fetch(`${program.address}/api/v1/health`, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
}

describe('GET /api/v1/health', { timeout: 120_000 }, () => {
  it('tells whoever may mend it how each part does, and that what is acknowledged is on disk', async () => {
    const { status, body } = await read('operate');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      parts: [
        { part: 'store', ready: true, reason: null },
        { part: 'schema', ready: true, reason: null },
        { part: 'queue', ready: true, reason: null },
      ],
      store: { durable: true, staleMarks: 0, inbox: [] },
    });
  });

  it('is closed to everybody else', async () => {
    expect((await read('read')).status).toBe(403);
    expect((await read(null)).status).toBe(401);
  });
});
