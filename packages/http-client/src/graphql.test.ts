import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestClient, refusalOf } from './testing/open-test-client.ts';
import { type SourceServer, startSourceServer } from './testing/source-server.ts';

let server: SourceServer;

beforeAll(async () => {
  server = await startSourceServer();
});
afterAll(() => server.close());

const whole = { json: { data: { repository: { name: 'a' } } } };
const question = 'query ($name: String!) { repository(owner: "o", name: $name) { name } }';

describe('a GraphQL question', () => {
  it('is answered with its data', async () => {
    server.answer(whole);
    const { client, asked } = openTestClient(server.url);
    expect(await client.graphql(question, { name: 'a' })).toEqual({ repository: { name: 'a' } });
    expect(server.arrived[0]).toMatchObject({
      method: 'POST',
      path: '/graphql',
      body: JSON.stringify({ query: question, variables: { name: 'a' } }),
    });
    expect(asked).toMatchObject([{ resource: 'graphql', cost: 1, points: 1 }]);
  });

  it('takes from the budget what the last one like it cost', async () => {
    server.answer({
      json: {
        data: {
          rateLimit: { cost: 12, limit: 5000, remaining: 4000, resetAt: '2026-02-03T11:00:00Z' },
          repository: { name: 'a' },
        },
      },
      headers: { date: 'Tue, 03 Feb 2026 10:30:00 GMT' },
    });
    const { client, asked, heard } = openTestClient(server.url);
    await client.graphql(question);
    await client.graphql(question);
    await client.graphql(`mutation { x }`);
    expect(asked.map(({ cost, points }) => [cost, points])).toEqual([
      [1, 1],
      [12, 1],
      [1, 5],
    ]);
    const resetAt = Date.parse('2026-02-03T11:00:00Z') / 1000;
    expect(heard[0]?.quota).toEqual({ resource: 'graphql', limit: 5000, left: 4000, resetAt, resetInMs: 1_800_000 });
  });

  it.each<[string, unknown, string]>([
    [
      'part of the data beside an error',
      { data: { repository: { name: 'a', issues: null } }, errors: [{ message: 'timeout' }] },
      'partial',
    ],
    [
      'an empty list and the rest refused',
      { data: { a: { nodes: [{ id: 1 }] }, b: null }, errors: [{ type: 'NOT_FOUND', message: 'x' }] },
      'partial',
    ],
    [
      'nothing found',
      { data: { repository: null }, errors: [{ type: 'NOT_FOUND', message: 'Could not resolve' }] },
      'missing',
    ],
    [
      'not permitted',
      {
        data: { repository: { pullRequest: null } },
        errors: [{ type: 'FORBIDDEN', message: 'Resource not accessible by integration' }],
      },
      'denied',
    ],
    [
      'too few scopes',
      { errors: [{ type: 'INSUFFICIENT_SCOPES', message: 'Your token has not been granted' }] },
      'denied',
    ],
    [
      'single sign-on',
      {
        data: null,
        errors: [
          {
            type: 'FORBIDDEN',
            extensions: { saml_failure: true },
            message: 'Resource protected by organization SAML enforcement.',
          },
        ],
      },
      'denied',
    ],
    [
      'not found and not permitted at once',
      {
        data: null,
        errors: [
          { type: 'NOT_FOUND', message: 'x' },
          { type: 'FORBIDDEN', message: 'y' },
        ],
      },
      'failed',
    ],
    ['too many nodes', { data: null, errors: [{ type: 'MAX_NODE_LIMIT_EXCEEDED', message: 'too many' }] }, 'failed'],
    ['a time-out', { data: null, errors: [{ message: 'Something went wrong while executing your query.' }] }, 'failed'],
    [
      'what it cost and nothing else',
      { data: { rateLimit: { cost: 1 }, repository: null }, errors: [{ type: 'NOT_FOUND', message: 'x' }] },
      'missing',
    ],
    ['errors of an odd shape', { data: { a: 1 }, errors: { message: 'x' } }, 'partial'],
    ['no data and no error', { data: null }, 'failed'],
    ['something else', { message: 'hello' }, 'failed'],
  ])('that says 200 and brings %s is refused', async (_title, json, kind) => {
    server.answer({ json });
    const { client } = openTestClient(server.url);
    expect((await refusalOf(client.graphql(question))).kind).toBe(kind);
    expect(server.arrived).toHaveLength(1);
  });

  it('that is denied comes with the page for single sign-on, and is reported', async () => {
    server.answer({
      json: { data: null, errors: [{ type: 'FORBIDDEN', message: 'SAML enforcement' }] },
      headers: { 'x-github-sso': 'required; url=https://github.com/orgs/acme/sso' },
    });
    const { client, refused } = openTestClient(server.url);
    expect(await refusalOf(client.graphql(question))).toMatchObject({
      kind: 'denied',
      help: 'https://github.com/orgs/acme/sso',
    });
    expect(refused).toMatchObject([{ version: 1, refusal: { kind: 'denied' } }]);
  });

  const quota = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-reset': '1770116400',
    date: 'Tue, 03 Feb 2026 10:30:00 GMT',
  };
  it.each<[string, unknown, Record<string, string>, string]>([
    [
      'RATE_LIMITED with nothing left',
      { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
      { ...quota, 'x-ratelimit-remaining': '0' },
      'quota',
    ],
    [
      'RATE_LIMITED with less left than it costs',
      { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] },
      { ...quota, 'x-ratelimit-remaining': '3' },
      'quota',
    ],
    [
      'RATE_LIMIT, as newer answers call it',
      { errors: [{ type: 'RATE_LIMIT', message: 'limit' }] },
      { ...quota, 'x-ratelimit-remaining': '0' },
      'quota',
    ],
    [
      'RATE_LIMITED beside data',
      { data: { a: [1] }, errors: [{ type: 'RATE_LIMITED', message: 'x' }] },
      { ...quota, 'x-ratelimit-remaining': '0' },
      'quota',
    ],
    [
      'a secondary limit',
      { errors: [{ type: 'RATE_LIMITED', message: 'You have exceeded a secondary rate limit' }] },
      { ...quota, 'x-ratelimit-remaining': '4000' },
      'pace',
    ],
    [
      'a secondary limit without a type',
      { errors: [{ message: 'You have exceeded a secondary rate limit' }] },
      {},
      'pace',
    ],
  ])(
    'that says 200 and %s is told to the governor and asked again in its turn',
    async (_title, json, headers, kind) => {
      server.answer([{ json, headers }, whole]);
      const { client, heard } = openTestClient(server.url);
      expect(await client.graphql(question)).toEqual({ repository: { name: 'a' } });
      expect(heard.map((one) => one?.limited?.kind)).toEqual([kind, undefined]);
    },
  );

  it('that ran into a time-out is asked once more, and a change never', async () => {
    server.answer({ status: 502, body: '<html>', headers: { 'content-type': 'text/html' } });
    const { client } = openTestClient(server.url);
    expect(await refusalOf(client.graphql(question))).toMatchObject({ kind: 'failed', status: 502 });
    expect(server.arrived).toHaveLength(2);
    await refusalOf(client.graphql('mutation { x }'));
    expect(server.arrived).toHaveLength(3);
  });
});
