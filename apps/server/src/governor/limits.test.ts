import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SourceRefused } from '@devpulse/contract/source-client';
import { refusalOf } from '@devpulse/http-client/testing/open-test-client';
import { type GovernedWorld, openGovernedWorld, type Scripted } from './testing/governed-world.ts';

let world: GovernedWorld;

beforeAll(async () => {
  world = await openGovernedWorld();
});
afterAll(() => world.close());
beforeEach(() => world.reset());

const nothing = {};
const kindOf = (error: unknown): unknown => (error instanceof SourceRefused ? error.kind : error);
const secondary = { message: 'You have exceeded a secondary rate limit.' };
const used = (seconds: number): Record<string, string> => ({
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': '0',
  'x-ratelimit-reset': world.resetIn(seconds),
});

/** How the source says no, for how many seconds that holds, and how long at least and at most nobody is to ask. */
const limits: [string, () => Scripted, number, number][] = [
  ['429 with Retry-After', () => ({ status: 429, json: secondary, headers: { 'retry-after': '120' } }), 120, 122],
  ['403 with Retry-After', () => ({ status: 403, json: secondary, headers: { 'retry-after': '300' } }), 300, 302],
  ['429 without', () => ({ status: 429, json: {} }), 60, 62],
  ['403 without', () => ({ status: 403, json: secondary }), 60, 62],
  ['403 with a blank one', () => ({ status: 403, json: secondary, headers: { 'retry-after': '' } }), 60, 62],
  ['403 with nothing left', () => ({ status: 403, json: {}, headers: used(1800) }), 1800, 1803],
  ['429 with nothing left', () => ({ status: 429, json: {}, headers: used(3600) }), 3600, 3603],
  ['nothing left and a reset in the past', () => ({ status: 403, json: {}, headers: used(-900) }), 60, 62],
  [
    'nothing left and a blank reset',
    () => ({ status: 403, json: {}, headers: { ...used(0), 'x-ratelimit-reset': '' } }),
    60,
    62,
  ],
  ['nothing left and no time told', () => ({ status: 403, json: {}, headers: { ...used(900), date: '' } }), 3600, 3602],
  ['an answer with nothing left', () => ({ json: nothing, headers: used(600) }), 600, 603],
  [
    'a page of somebody in between with 429',
    () => ({ status: 429, body: '<html>', headers: { 'content-type': 'text/html' } }),
    60,
    62,
  ],
];

describe('a source that asked to be left alone', () => {
  describe.each([0, 600, -600])('whose clock differs from ours by %i s', (skew) => {
    it.each(limits)('by %s is asked by no process before then', async (_title, reply, least, most) => {
      world.skew(skew);
      world.script([{ ...reply(), banSeconds: least }]);
      const first = world.open(0, 'person').get('/a');
      expect(await first.then(() => 'answered', kindOf)).toBe(reply().json === nothing ? 'answered' : 'throttled');
      const asked = world.server.arrived.length;
      for (const lane of ['person', 'live', 'history'] as const) {
        for (const process of [0, 1]) {
          const refusal = await refusalOf(world.open(process, lane).get(`/${lane}`));
          expect(refusal.kind).toBe('throttled');
          const waitMs = (refusal.until?.getTime() ?? 0) - Date.now();
          expect(waitMs).toBeGreaterThan((least - 5) * 1000);
          expect(waitMs).toBeLessThanOrEqual(most * 1000);
        }
      }
      expect(world.server.arrived).toHaveLength(asked);
      // Others are not concerned, and afterwards it is asked again.
      expect((await world.open(1, 'history', 'source.example|user|2').get('/a')).status).toBe(200);
      await world.advance(most * 1000);
      world.script([]);
      expect((await world.open(1).get('/again')).status).toBe(200);
      expect((await world.open(0).get('/again')).status).toBe(200);
      expect(world.breaches()).toBe(0);
    });
  });

  it('for a moment only is waited for', async () => {
    world.script([{ status: 429, json: secondary, headers: { 'retry-after': '5' }, banSeconds: 5 }]);
    expect((await world.open(0).get('/a')).status).toBe(200);
    expect(world.server.arrived).toHaveLength(2);
    expect(world.breaches()).toBe(0);
  });

  it('again and again without saying for how long is asked less and less', async () => {
    const waits: number[] = [];
    for (let strike = 0; strike < 8; strike += 1) {
      world.script([{ status: 403, json: secondary }]);
      const { until } = await refusalOf(world.open(strike % 2).get('/a'));
      waits.push(Math.round(((until?.getTime() ?? 0) - Date.now()) / 60_000));
      await world.advance((until?.getTime() ?? 0) - Date.now() + 1000);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    await world.open(0).get('/fine');
    world.script([{ status: 403, json: secondary }]);
    const { until } = await refusalOf(world.open(0).get('/a'));
    expect(Math.round(((until?.getTime() ?? 0) - Date.now()) / 60_000)).toBe(1);
  });

  it('counts several requests that were under way as one', async () => {
    const budget = { budget: 'b', resource: 'core', lane: 'live', cost: 1, points: 1 } as const;
    const [one, two] = world.processes;
    const turns = [await one?.governor.take(budget), await two?.governor.take(budget)];
    for (const turn of turns) await turn?.end({ quota: null, limited: { kind: 'pace', retryAfterMs: null } });
    expect(await world.query('select strikes from governor_accounts')).toEqual([{ strikes: 1 }]);
    const [state] = (await one?.governor.states(['b'])) ?? [];
    expect((state?.blockedUntil?.getTime() ?? 0) - Date.now()).toBeLessThanOrEqual(60_000);
  });

  it('is left alone by history, however many processes and sources read it at once', async () => {
    world.script(
      Array.from({ length: 60 }, (_, index) =>
        index % 6 === 5
          ? { status: 429, json: secondary, headers: { 'retry-after': '5' }, banSeconds: 5 }
          : { json: {} },
      ),
    );
    const read = async (process: number, path: string): Promise<void> => {
      const client = world.open(process);
      for (let page = 0; page < 6; page += 1) {
        // Whoever has to come again later does.
        while ((await client.get(`${path}/${page}`).then(() => 'answered', kindOf)) === 'throttled')
          await world.advance(1000);
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, index) => read(index % 2, `/source/${index}`)));
    expect(world.breaches()).toBe(0);
    expect(new Set(world.server.arrived.map(({ path }) => path)).size).toBe(48);
    expect(world.server.arrived.length).toBeLessThanOrEqual(60);
  });

  it('in GraphQL with 200 is asked nothing of that kind, and REST goes on', async () => {
    world.script([
      {
        json: { errors: [{ type: 'RATE_LIMITED', message: 'x' }] },
        headers: { ...used(1800), 'x-ratelimit-resource': 'graphql' },
      },
    ]);
    expect(await refusalOf(world.open(0).graphql('{ a }'))).toMatchObject({ kind: 'throttled' });
    expect(await refusalOf(world.open(1, 'person').graphql('{ b }'))).toMatchObject({ kind: 'throttled' });
    expect(world.server.arrived).toHaveLength(1);
    expect((await world.open(1).get('/a')).status).toBe(200);
  });
});

describe('any sequence of answers', () => {
  const resets = fc.integer({ min: 1, max: 7200 });
  const reply = fc.oneof<fc.Arbitrary<() => Scripted>[]>(
    fc.constant(() => ({ json: {} })),
    fc.constant(() => ({ status: 304 })),
    fc.constant(() => ({ status: 404, json: {} })),
    fc.constant(() => ({ status: 502, json: {} })),
    fc.constant(() => ({ status: 403, json: secondary, banSeconds: 60 })),
    fc.constant(() => ({ status: 429, json: {}, banSeconds: 60 })),
    resets.map((seconds) => () => ({
      status: 429,
      json: {},
      headers: { 'retry-after': String(seconds) },
      banSeconds: seconds,
    })),
    resets.map((seconds) => () => ({ status: 403, json: {}, headers: used(seconds), banSeconds: seconds })),
    resets.map((seconds) => () => ({ json: {}, headers: used(seconds), banSeconds: seconds })),
    fc.tuple(resets, fc.integer({ min: 0, max: 60 })).map(([seconds, left]) => () => ({
      json: {},
      headers: {
        'x-ratelimit-limit': '60',
        'x-ratelimit-remaining': String(left),
        'x-ratelimit-reset': world.resetIn(seconds),
      },
      banSeconds: left === 0 ? seconds : 0,
    })),
  );
  const step = fc.record({
    reply,
    lane: fc.constantFrom('person', 'live', 'history'),
    process: fc.integer({ min: 0, max: 1 }),
    passes: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 7_200_000 })),
  });

  it('never leads to a request inside a ban, and never to a standstill', async () => {
    const property = fc.asyncProperty(
      fc.array(step, { minLength: 2, maxLength: 14 }),
      fc.integer({ min: -600, max: 600 }),
      async (steps, skew) => {
        await world.reset();
        world.skew(skew);
        for (const { reply: next, lane, process, passes } of steps) {
          world.script([next()]);
          // How it ended is no matter here.
          await world
            .open(process, lane)
            .get('/a')
            .catch(() => undefined);
          await world.advance(passes);
          if (world.breaches() > 0) return false;
        }
        world.script([]);
        await world.advance(7_300_000);
        return (await world.open(0).get('/a')).status === 200 && world.breaches() === 0;
      },
    );
    await expect(fc.assert(property, { numRuns: 60 })).resolves.toBeUndefined();
  });
});
