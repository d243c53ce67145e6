import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { noteAnswer } from './reachability.ts';
import { send } from './send-request.ts';

let server: Server;
let address: string;
const patienceMs = 50;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === '/silent' && request.method === 'GET') return;
    if (request.url === '/proxy') return void response.end('<html>');
    if (request.url === '/refused')
      return void response
        .writeHead(429, { 'retry-after': '7' })
        .end(JSON.stringify({ code: 'rate_limited', detail: 'Too fast.', retry: true }));
    void sleep(3 * patienceMs).then(() => response.end(JSON.stringify({ done: true })));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => noteAnswer(true));

describe('send', () => {
  it('gives a question up that is not answered in time, and says so', async () => {
    await expect(send('GET', `${address}/silent`, { patienceMs })).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining('takes too long') as string,
    });
  });

  it('never gives an act up: nobody would know whether it was done', async () => {
    await expect(send('POST', `${address}/silent`, { body: {}, patienceMs })).resolves.toEqual({ done: true });
  });

  it('leaves it to whoever asked to give up sooner', async () => {
    const asked = new AbortController();
    const answer = send('GET', `${address}/silent`, { signal: asked.signal });
    asked.abort(new Error('not wanted any more'));
    await expect(answer).rejects.toThrow('not wanted any more');
  });

  it('tells a silent server from one that refuses, and that from something else that answers', async () => {
    await expect(send('GET', 'http://127.0.0.1:1/')).rejects.toMatchObject({
      status: 0,
      message: expect.stringContaining('does not answer') as string,
    });
    await expect(send('GET', `${address}/refused`)).rejects.toMatchObject({
      status: 429,
      retryAfterSeconds: 7,
      message: 'Too fast.',
    });
    await expect(send('GET', `${address}/proxy`)).rejects.toMatchObject({
      message: expect.stringContaining('not DevPulse') as string,
    });
  });
});
