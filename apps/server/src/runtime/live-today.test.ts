import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSurroundings } from '../testing/make-surroundings.ts';
import { type Program, runCommand, startProgram } from '../testing/start-program.ts';

const sha = 'a'.repeat(40);
const nothing = '0'.repeat(40);

let program: Program;
let dataDir = '';
let token = '';
let remove: () => Promise<void>;

beforeAll(async () => {
  ({ dataDir, remove } = await makeSurroundings());
  program = await startProgram(dataDir);
  token = (await runCommand(dataDir, ['token', 'create', '--scope', 'events', '--scope', 'read'])).stdout.trim();
});
afterAll(async () => {
  program.child.kill('SIGTERM');
  await program.ended;
  await remove();
});

/** A commit of this very minute, as git would have printed it. */
function commitBody(): Buffer {
  const now = `${Math.floor(Date.now() / 1000)} +0000`;
  const who = ['Ada', 'ada@example.org', now];
  const header = ['devpulse-git-commit/1', 'complete', sha, '', ...who, ...who, '', '', 'Say hello\n'];
  const files = [`:000000 100644 ${nothing} ${sha} A`, 'hello.ts', '3\t0\thello.ts'];
  return Buffer.from([...header, ...files].map((field) => `${field}\0`).join(''));
}

function ask(path: string, init: RequestInit = {}): Promise<Response> {
  return fetch(`${program.address}${path}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
  });
}

async function readToday(metric: string): Promise<{ state: string; value: number | null }> {
  const today = new Date().toISOString().slice(0, 10);
  const response = await ask(`/api/v1/metrics/${metric}?subject=workspace&from=${today}&to=${today}&by=day`);
  expect(response.status).toBe(200);
  const answer = (await response.json()) as { state: string; values: { value: number | null }[] };
  return { state: answer.state, value: answer.values[0]?.value ?? null };
}

describe('an event that is sent in', { timeout: 120_000 }, () => {
  it('is in today’s numbers of a running server without anybody doing more', async () => {
    expect(await readToday('commits')).toEqual({ state: 'unknown', value: null });
    const repository = { repository: 'path:/sent', path: '/sent', name: 'sent', url: null, defaultBranch: 'main' };
    const observedAt = new Date().toISOString();
    const items = [
      { kind: 'commit', key: `path:/sent#commit#${sha}`, payloadBase64: commitBody().toString('base64') },
      { kind: 'repository', key: 'path:/sent#repository#1', payload: { ...repository, observedAt } },
      {
        kind: 'reach',
        key: 'path:/sent#reach#1',
        payload: { repository: 'path:/sent', snapshot: 1, reachable: true, shas: [sha] },
      },
    ];
    const sent = await ask('/api/v1/events', {
      method: 'POST',
      body: JSON.stringify(items.map((item) => ({ source: 'git', ...item }))),
    });
    expect(sent.status).toBe(202);
    let seen = await readToday('commits');
    for (let tries = 0; seen.state !== 'ok' && tries < 300; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      seen = await readToday('commits');
    }
    expect(seen).toEqual({ state: 'ok', value: 1 });
    expect(await readToday('lines_added')).toEqual({ state: 'ok', value: 3 });
    expect(await readToday('lines_removed')).toEqual({ state: 'empty', value: 0 });
  });
});
