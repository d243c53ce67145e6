import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AckTally, findAckFault } from './acks.ts';
import type { LoadPlan } from './load-plan.ts';
import { runLoad } from './run-load.ts';
import { Scope } from './scope.ts';

let scope: Scope;

beforeEach(() => {
  scope = new Scope();
});

afterEach(() => scope.close());

/** A door that keeps what it is told in a list, or only says so. */
async function openDoor(
  answer: (stored: string[], key: string) => number,
): Promise<{ port: number; stored: string[] }> {
  const stored: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      const status = answer(stored, (JSON.parse(body) as { key: string }).key);
      response.writeHead(status).end(status === 202 ? '{"accepted":1}' : '{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as { port: number }).port, stored };
}

const plan = (port: number, more: Partial<LoadPlan> = {}): LoadPlan => ({
  port,
  mode: 'closed',
  connections: 4,
  seconds: 0.3,
  warmupSeconds: 0.1,
  events: { path: '/', prefix: 'test', bytes: 1000, secret: 'secret' },
  ...more,
});

function judge(acks: AckTally, stored: readonly string[]): string | null {
  const numbers = stored.map((key) => Number(key.split('-')[1]));
  return findAckFault(acks, {
    rows: stored.length,
    distinct: new Set(stored).size,
    sum: numbers.reduce((sum, one) => sum + one, 0),
  });
}

describe('runLoad', () => {
  it.each(['closed', 'open'] as const)('counts every acknowledgement of an honest door (%s loop)', async (mode) => {
    const door = await openDoor((stored, key) => (stored.push(key), 202));
    const result = await runLoad(scope, plan(door.port, { mode, rate: 200 }));
    expect(result.failed).toBe(0);
    expect(result.acked).toBeGreaterThan(10);
    expect(judge(result, door.stored)).toBeNull();
  });

  it('gives a lying door away: it says accepted and stores nothing of every seventh event', async () => {
    let count = 0;
    const door = await openDoor((stored, key) => {
      count += 1;
      if (count % 7 !== 0) stored.push(key);
      return 202;
    });
    const result = await runLoad(scope, plan(door.port));
    expect(judge(result, door.stored)).toMatch(/acknowledged events are not stored/);
  });

  it('does not take refusals for acknowledgements, however fast they come', async () => {
    const door = await openDoor(() => 503);
    const result = await runLoad(scope, plan(door.port));
    expect(result).toMatchObject({ acked: 0, rate: 0 });
    expect(result.failed).toBeGreaterThan(10);
    expect(result.firstFailure).toContain('503');
  });

  it('counts from the intended instant: a door that stalls makes all wait that should have been sent meanwhile', async () => {
    let isStalled = true;
    const door = await openDoor((stored, key) => {
      // The whole process of the door stands still, once, for longer than many intervals.
      if (isStalled) for (const until = performance.now() + 300; performance.now() < until;) continue;
      isStalled = false;
      stored.push(key);
      return 202;
    });
    const result = await runLoad(
      scope,
      plan(door.port, { mode: 'open', rate: 100, connections: 1, warmupSeconds: 0, seconds: 1 }),
    );
    // Of a closed loop one request alone would have waited; here about a third of them did.
    expect(result.p50).toBeLessThan(result.p99);
    expect(result.p99).toBeGreaterThan(200);
  });

  it('sends no two events alike, and each of the size that was asked for', async () => {
    const bodies = new Set<string>();
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        bodies.add(body);
        response.writeHead(202).end('{"accepted":1}');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    scope.defer(() => {
      server.closeAllConnections();
      server.close();
    });
    const result = await runLoad(scope, plan((server.address() as { port: number }).port));
    expect(bodies.size).toBe(result.sent);
    expect(new Set([...bodies].map((body) => body.length))).toEqual(new Set([1000]));
    expect(new Set([...bodies].map((body) => (JSON.parse(body) as { payload: string }).payload)).size).toBe(
      result.sent,
    );
  });
});
