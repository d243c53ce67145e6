import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerHealthRoutes } from '../health/routes.ts';
import { registerIngestRoutes } from '../ingest/routes.ts';
import { registerPeopleRoutes } from '../people/routes.ts';
import { openTestApi, type TestApi } from '../testing/open-test-api.ts';

let api: TestApi;
let port: number;
let token: string;
beforeAll(async () => {
  api = await openTestApi({
    areas: [registerHealthRoutes, registerIngestRoutes, registerPeopleRoutes],
    limits: { requestMs: 3_000, headersMs: 2_000, checkMs: 200 },
  });
  ({ port } = await api.listen());
  token = await api.tokenFor();
});
afterAll(() => api.close());

/** One that sends what it is given, then a byte now and then, and says how it ended. */
function openSlowly(first: string): { socket: Socket; ended: Promise<string> } {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  const drip = setInterval(() => socket.writable && socket.write('x'), 300);
  socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  const ended = new Promise<string>((resolve) => {
    socket.on('close', () => {
      clearInterval(drip);
      resolve(answer);
    });
  });
  socket.write(first);
  return { socket, ended };
}

const head = (line: string, ...headers: string[]): string =>
  [`${line} HTTP/1.1`, 'host: x', `authorization: Bearer ${token}`, ...headers, '', ''].join('\r\n');

async function askHonestly(): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } });
  await response.arrayBuffer();
  return response.status;
}

describe('clients that keep a connection and say next to nothing', () => {
  it('are cut off at their time, each in its own way, while others are served', async () => {
    const json = 'content-type: application/json';
    const kinds = [
      `GET /api/v1/me HTTP/1.1\r\nhost: x\r\nx-slow: `,
      head('PATCH /api/v1/me', json, 'content-length: 5000') + '{"name":"',
      head('POST /api/v1/events', json, 'content-length: 50000') + '{"source":"plain","key":"',
      head('POST /api/v1/events', json, 'transfer-encoding: chunked') + 'ffff\r\n{"source":"',
      head('POST /api/v1/events', json, 'content-encoding: gzip', 'content-length: 50000') + '\x1f\x8b\x08',
    ];
    const slow = kinds.flatMap((first) => Array.from({ length: 40 }, () => openSlowly(first)));
    const all = Promise.all(slow.map(({ ended }) => ended));
    let done = false;
    void all.then(() => (done = true));
    let honest = 0;
    while (!done) {
      expect(await askHonestly()).toBe(200);
      honest += 1;
    }
    expect(honest).toBeGreaterThan(1);
    for (const answer of await all) expect(answer).toMatch(/^(HTTP\/1\.1 (408|400) |$)/);
    expect(await askHonestly()).toBe(200);
  });

  it('leave nothing behind: neither connections nor bodies', async () => {
    const open = () =>
      new Promise<number>((resolve) => api.app.server.getConnections((_error, count) => resolve(count)));
    await expect.poll(open, { timeout: 20_000 }).toBeLessThanOrEqual(20);
    const sent = await api.ask({
      method: 'POST',
      url: '/api/v1/events',
      payload: { source: 'plain', key: 'after', kind: 'facts', payload: 'x'.repeat(200_000) },
    });
    expect(sent.statusCode).toBe(202);
  });
});

describe('two thousand idle connections', () => {
  it('keep nobody from being served', async () => {
    const idle = Array.from({ length: 2_000 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
    await Promise.all(idle.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    for (let count = 0; count < 20; count += 1) expect(await askHonestly()).toBe(200);
    for (const socket of idle) socket.destroy();
  });
});
