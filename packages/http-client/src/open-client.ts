import { setTimeout as wait } from 'node:timers/promises';
import {
  type AskLane,
  type AskOptions,
  type SourceAnswer,
  type SourceClient,
  SourceRefused,
} from '@devpulse/contract/source-client';
import { apiHeaders } from './api-headers.ts';
import type { CredentialSource } from './credentials.ts';
import type { Governor } from './governor.ts';
import type { Moved } from './moved-addresses.ts';
import { type Answered, openAsker, type Question } from './open-asker.ts';
import { readLeftOut } from './read-answer.ts';
import { hearGraphql, readGraphql, refuseGraphql } from './read-graphql.ts';
import { readClock } from './read-limits.ts';
import { openAddresses, readNextLink } from './resolve-address.ts';
import { shareFlights } from './share-flights.ts';

/** What the host itself may ask beyond what it lends to connectors. */
export interface HostClient extends SourceClient {
  get(path: string, options?: HostAskOptions): Promise<HostAnswer>;
  pages(path: string, options?: HostAskOptions): AsyncIterable<HostAnswer>;
  /** Changes something. Never tried again by itself when it breaks down on the way, unless it may be done twice. */
  send(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, options?: SendOptions): Promise<HostAnswer>;
}

export interface HostAskOptions extends AskOptions {
  /** Lists that leave out organisations for which a token is not authorised are answers, too; see `leftOut`. */
  partial?: true;
}

export interface SendOptions {
  body?: unknown;
  allow?: readonly number[];
}

export interface HostAnswer extends SourceAnswer {
  headers: Headers;
  /** The numbers of the organisations that the answer leaves out, for want of single sign-on. */
  leftOut: readonly string[];
}

export interface ClientOptions {
  /** The host as keys of facts name it, for example `github.com`. */
  host: string;
  /** For example `https://api.github.com`. The only origin that is ever asked. */
  apiUrl: string;
  lane: AskLane;
  /** Whose screens are told when the source makes us wait. */
  workspaceId?: string;
  credentials: CredentialSource;
  governor: Governor;
  /** Only for an answer that does not tell the time; waits are never computed from it. */
  now(): Date;
  log: { info(fields: object, message: string): void };
  signal?: AbortSignal;
  /** Something has another address for good. */
  onMoved?(moved: Moved): void;
  timeoutMs?: number;
  bytesMax?: number;
  fetch?: typeof globalThis.fetch;
  sleep?(ms: number, signal?: AbortSignal): Promise<void>;
}

const timeoutMs = 60_000;
const bytesMax = 50 * 1024 * 1024;
const tries = 3;
// A question that ran into the source's time-out costs extra each time; a smaller one helps, the same one seldom does.
const graphqlTries = 2;
const costsMax = 200;

const usual = {
  resource: 'core',
  cost: 1,
  points: 1,
  allow: [],
  wantsJson: true,
  isConditional: false,
  triesMax: tries,
};

/** Opens a client of one source for one credential. Concurrent questions that are the same are asked once. */
export function openSourceClient(options: ClientOptions): HostClient {
  const addresses = openAddresses(options.apiUrl);
  const asker = openAsker({
    what: options.host,
    lane: options.lane,
    ...(options.workspaceId !== undefined && { workspaceId: options.workspaceId }),
    addresses,
    credentials: options.credentials,
    governor: options.governor,
    limits: { timeoutMs: options.timeoutMs ?? timeoutMs, bytesMax: options.bytesMax ?? bytesMax },
    fetch: options.fetch ?? globalThis.fetch,
    sleep: options.sleep ?? ((ms, signal) => wait(ms, undefined, signal === undefined ? {} : { signal })),
    ...(options.signal && { signal: options.signal }),
    onMoved: (moved) => {
      options.log.info({ host: options.host }, 'an address at the source has moved for good');
      options.onMoved?.(moved);
    },
  });
  const flights = shareFlights(asker.ask);
  const toAnswer = (answered: Answered, isPartialFine: boolean): HostAnswer => {
    const leftOut = readLeftOut(answered.headers);
    if (leftOut.length > 0 && !isPartialFine) {
      const message = `${options.host} left out what belongs to organisations for which the credential is not authorised.`;
      throw new SourceRefused('partial', message, { status: answered.status });
    }
    return { ...buildAnswer(answered, options.now), leftOut };
  };

  const get = async (path: string, ask: HostAskOptions = {}): Promise<HostAnswer> =>
    toAnswer(await flights(buildGet(addresses.resolve(path, ask.query), ask)), ask.partial === true);

  return {
    host: options.host,
    get,
    pages: (path, ask) => turnPages(get, path, ask),
    graphql: openGraphql(asker, addresses.graphql, options.host),
    send: async (method, path, { body, allow = [] } = {}) => {
      const question: Question = {
        ...usual,
        method,
        url: addresses.resolve(path),
        points: 5,
        allow,
        triesMax: method === 'PUT' || method === 'DELETE' ? tries : 1,
        headers: { ...apiHeaders, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      };
      return toAnswer(await asker.ask(question), true);
    },
  };
}

function buildGet(url: URL, { accept, unless, allow = [] }: AskOptions): Question {
  const wanted: Record<string, string> = { ...apiHeaders, ...(accept !== undefined && { accept }) };
  if (unless?.etag !== undefined) wanted['if-none-match'] = unless.etag;
  if (unless?.modifiedSince !== undefined) wanted['if-modified-since'] = unless.modifiedSince;
  return {
    ...usual,
    method: 'GET',
    url,
    headers: wanted,
    resource: findResource(url.pathname),
    allow,
    wantsJson: /[/+]json\b/i.test(accept ?? apiHeaders.accept),
    isConditional: unless?.etag !== undefined || unless?.modifiedSince !== undefined,
  };
}

/** Searches have budgets of their own. What the answer names counts; this is what is known before. */
function findResource(path: string): string {
  const [, kind] = /^(?:\/api\/v3)?\/search\/([a-z]+)$/.exec(path) ?? [];
  if (kind === undefined) return 'core';
  return kind === 'code' ? 'code_search' : 'search';
}

function buildAnswer({ status, headers, body, read }: Answered, now: () => Date): Omit<HostAnswer, 'leftOut'> {
  return {
    status,
    headers,
    body,
    json: read.json,
    etag: headers.get('etag'),
    lastModified: headers.get('last-modified'),
    isUnchanged: status === 304,
    at: readClock(headers) ?? now(),
    next: readNextLink(headers.get('link')),
  };
}

async function* turnPages(
  get: (path: string, options?: HostAskOptions) => Promise<HostAnswer>,
  path: string,
  options: HostAskOptions = {},
): AsyncGenerator<HostAnswer> {
  let answer = await get(path, options);
  yield answer;
  const { query: _query, unless: _unless, ...rest } = options;
  const seen = new Set<string>();
  while (answer.next !== null) {
    if (seen.has(answer.next)) throw new SourceRefused('failed', 'The pages of the answer lead in circles.');
    seen.add(answer.next);
    answer = await get(answer.next, rest);
    yield answer;
  }
}

function openGraphql(asker: ReturnType<typeof openAsker>, url: URL, what: string): SourceClient['graphql'] {
  // By the text of a question; the next one like it takes as much from the budget beforehand.
  const costs = new Map<string, number>();
  return async (query, variables = {}) => {
    const isMutation = /^\s*mutation\b/.test(query);
    const answered = await asker.ask({
      ...usual,
      method: 'POST',
      url,
      resource: 'graphql',
      triesMax: isMutation ? 1 : graphqlTries,
      headers: { ...apiHeaders, 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
      cost: costs.get(query) ?? 1,
      points: isMutation ? 5 : 1,
      hear: (body, heard, came) => {
        const read = readGraphql(body.json);
        return read === null ? heard : hearGraphql(read, heard, readClock(came));
      },
    });
    const body = readGraphql(answered.read.json);
    if (body === null)
      throw new SourceRefused('failed', `${what} gave no answer of GraphQL.`, { status: answered.status });
    if (body.rate.cost !== null && costs.size < costsMax) costs.set(query, body.rate.cost);
    const refusal = refuseGraphql(body, answered.headers, what);
    if (refusal?.kind === 'denied') await asker.noteDenied(refusal);
    if (refusal !== null) throw refusal;
    return body.data;
  };
}
