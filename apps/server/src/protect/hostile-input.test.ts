import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiRoute, isUnsafe, nameOf } from './testing/api-routes.ts';
import { openCookie } from './testing/fill-tenant.ts';
import { type Ids, knownValues, unknownId } from './testing/sample-makers.ts';
import { fullSampleOf, type Schema } from './testing/sample-values.ts';
import { askAs, idsOf, openTwoTenants, type Sample, sampleFor, type TwoTenants } from './testing/two-tenants.ts';

// Thousands of requests, on machines that have more to do.
vi.setConfig({ testTimeout: 240_000 });

let world: TwoTenants;
let ids: Ids;
beforeAll(async () => {
  world = await openTwoTenants();
  ids = await idsOf(world, world.own);
});
afterAll(() => world.close());

const nested = (depth: number): string => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
const manyKeys = `{${Array.from({ length: 40_000 }, (_, index) => `"k${index}":${index}`).join(',')}}`;

/** Whole bodies that no schema has in mind. */
const hostileBodies: Record<string, string | Buffer> = {
  nothing: '',
  'half an object': '{"a":',
  '65 levels': nested(65),
  '6,400 levels': nested(6400),
  '400,000 levels': nested(400_000),
  'a number beyond all': '1e400',
  'a number of 40 digits': '1234567890123456789012345678901234567890',
  null: 'null',
  text: '"text"',
  '40,000 names': manyKeys,
  'a prototype': '{"__proto__":{"polluted":true}}',
  'a constructor': '{"constructor":{"prototype":{"polluted":true}}}',
  'a byte that is no text': Buffer.from([0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
  'an overlong slash': Buffer.from([0x22, 0xc0, 0xaf, 0x22]),
  'a byte-order mark': Buffer.from('\uFEFF{}'),
  'UTF-16': Buffer.from('{}', 'utf16le'),
};

/** Texts that break stores, logs, sheets and pages which are not prepared for them. */
const hostileTexts: Record<string, string> = {
  NUL: 'a\u0000b',
  'half a pair': 'a\ud800b',
  'the other half': '\udfff',
  'right to left': 'a\u202eb\u2066c',
  'beyond the first plane': '\u{1F469}\u200D\u{1F4BB}',
  'a second line of log': 'a\r\n{"level":"error","msg":"forged"}',
  'an escape sequence': '\u001b[2J\u009b31m',
  'a formula': `=cmd|' /C calc'!A0`,
  SQL: `'; drop table people; --`,
  markup: '"><script>alert(1)</script>',
  'a very long text': 'x'.repeat(100_000),
  nothing: '',
  blanks: ' \t ',
};

/** Every copy of a value in which one text, wherever it stands, is another. */
function* withText(value: unknown, text: string): Generator {
  if (typeof value === 'string') yield text;
  else if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      for (const other of withText(item, text))
        yield value.map((each, place) => (place === index ? other : (each as unknown)));
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, item] of Object.entries(value))
      for (const other of withText(item, text)) yield { ...value, [name]: other };
  }
}

/** Every copy in which one number is written so that no number of ours can hold it, as text of JSON. */
function* withNumber(payload: string): Generator<string> {
  for (const match of payload.matchAll(/:(\d+)(?=[,}\]])/g))
    for (const number of ['1e400', '-1e400', '9007199254740993', '1e-400', '123456789012345678901234567890'])
      yield payload.slice(0, match.index + 1) + number + payload.slice(match.index + match[0].length);
}

function* hostilePayloads(route: ApiRoute, sample: Sample): Generator<[string, string | Buffer]> {
  yield* Object.entries(hostileBodies);
  if (sample.payload === undefined) return;
  const body = route.operation.requestBody?.content['application/json'] as { schema: Schema };
  const good = fullSampleOf(world.document, body.schema, knownValues(ids));
  for (const [name, text] of Object.entries(hostileTexts))
    for (const value of withText(good, text)) yield [name, JSON.stringify(value)];
  for (const payload of withNumber(JSON.stringify(good))) yield ['a hostile number', payload];
  if (sample.payload.startsWith('{') && sample.payload !== '{}') {
    const twice = `{${sample.payload.slice(1, -1)},${sample.payload.slice(1)}`;
    yield ['each name twice', twice];
    yield ['a prototype as well', `{"__proto__":{"polluted":true},${sample.payload.slice(1)}`];
  }
}

/** Several at a time: most of a request is waiting for the store. */
async function inBatches<Item>(items: Iterable<Item>, work: (item: Item) => Promise<void>): Promise<void> {
  const list = [...items];
  for (let start = 0; start < list.length; start += 8) await Promise.all(list.slice(start, start + 8).map(work));
}

async function expectNoFault(
  route: ApiRoute,
  sample: Sample & { payload?: string | Buffer },
  what: string,
): Promise<void> {
  let answer = await askAs(world, world.own, sample);
  // What was asked before may have ended the session on purpose.
  if (answer.statusCode === 401)
    answer = await askAs(world, { ...world.own, cookie: await openCookie(world.api, world.own) }, sample);
  expect(answer.statusCode, `${nameOf(route)} with ${what}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
  expect(answer.statusCode, `${nameOf(route)} with ${what}`).not.toBe(401);
}

describe('hostile bodies', () => {
  it('are refused or taken on every route, never a fault of ours, and the next request is served', async () => {
    const taking = world.routes.filter(
      (route) => route.operation.requestBody?.content['application/json'] !== undefined,
    );
    expect(taking.length).toBeGreaterThan(15);
    for (const route of taking) {
      if (route.permission === null) continue;
      const sample = sampleFor(world, route, ids);
      await inBatches(hostilePayloads(route, sample), ([what, payload]) =>
        expectNoFault(route, { ...sample, payload: payload as string }, what),
      );
      expect((await world.api.app.inject('/healthz')).statusCode).toBe(200);
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('are refused where nobody is signed in yet', async () => {
    for (const route of world.routes.filter((each) => each.permission === null && isUnsafe(each))) {
      const sample = sampleFor(world, route, ids);
      await inBatches(hostilePayloads(route, sample), async ([what, payload]) => {
        // From so many addresses that no limit answers instead of the route.
        const remoteAddress = `10.${Math.floor(Math.random() * 256)}.${Math.floor(Math.random() * 256)}.7`;
        const answer = await world.api.app.inject({
          ...sample,
          remoteAddress,
          payload: payload as string,
          headers: { 'content-type': 'application/json' },
        });
        expect(answer.statusCode, `${nameOf(route)} with ${what}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
      });
    }
  });
});

// As they stand in an address; the last two are no UTF-8 and stand for nothing.
const hostileWords = [
  '%00',
  'a%00b',
  '%0d%0aset-cookie:x',
  '%E2%80%AE',
  '%F0%9F%92%BB',
  "'%20or%201=1--",
  '..%2f..%2fetc%2fpasswd',
  '1e400',
  '-1',
  'NaN',
  'x'.repeat(5000),
  '%ED%A0%80',
  '%FF',
];

describe('hostile addresses', () => {
  it('are refused or answered on every route, never a fault of ours', async () => {
    for (const route of world.routes.filter((each) => each.operation.operationId !== 'listenLive')) {
      const sample = sampleFor(world, route, ids);
      const urls = hostileWords.flatMap((word) => {
        const paths = [...route.path.matchAll(/\{\w+\}/g)].map(({ index, 0: place }) => {
          const filled = route.path.slice(0, index) + word + route.path.slice(index + place.length);
          return filled.replaceAll(/\{\w+\}/g, unknownId);
        });
        const queries = route.operation.parameters
          .filter((parameter) => parameter.in === 'query')
          .map(({ name }) => `${sample.url}${sample.url.includes('?') ? '&' : '?'}${name}=${word}`);
        return [...paths, ...queries];
      });
      await inBatches(urls, async (url) => {
        const by = route.method === 'GET' ? 'session' : 'token';
        const { statusCode, body } = await askAs(world, world.own, { ...sample, url }, by);
        expect(statusCode, `${route.method} ${url.slice(0, 200)}: ${body.slice(0, 200)}`).toBeLessThan(500);
      });
    }
  });
});

describe('the log of all that', () => {
  it('holds one object a line, with no line of its own by anybody else', () => {
    expect(world.api.lines.length).toBeGreaterThan(1000);
    for (const line of world.api.lines) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect((JSON.parse(line) as { msg: string }).msg).not.toBe('forged');
      // oxlint-disable-next-line no-control-regex -- that is what it looks for
      expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
    }
  });
});
