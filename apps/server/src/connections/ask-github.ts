import { type AskLane, SourceRefused } from '@devpulse/contract/source-client';
import { apiHeaders } from '@devpulse/http-client/api-headers';
import { exchange, type Exchange, ExchangeFailed } from '@devpulse/http-client/exchange';
import { readLimits } from '@devpulse/http-client/read-limits';
import type { GithubParts } from './github-parts.ts';

/** One question about a grant itself, which a connector's client cannot ask: it has headers and ways to sign of its own. */
export interface GithubAsk {
  method?: 'GET' | 'POST' | 'DELETE';
  /** Below the API, or an address of GitHub's pages with `at: 'web'`. */
  path: string;
  at?: 'api' | 'web';
  authorization?: string;
  json?: unknown;
  form?: Record<string, string>;
  /** Whose limits it goes by; left out for what GitHub does not count, such as exchanging a code. */
  budget?: string;
  lane?: AskLane;
}

export interface GithubAnswer {
  status: number;
  headers: Headers;
  json: unknown;
}

const limits = { timeoutMs: 10_000, bytesMax: 8 * 1024 * 1024 };

/**
 * Asks GitHub through the governor. Answers whatever status it has, but for limits, which throw `throttled`, and for no answer at
 * all, which throws `failed`. Redirects are not followed: a secret must not go wherever an answer points.
 */
export async function askGithub(
  parts: Pick<GithubParts, 'github' | 'governor' | 'now'>,
  ask: GithubAsk,
): Promise<GithubAnswer> {
  const turn =
    ask.budget === undefined
      ? null
      : await parts.governor.take({
          budget: ask.budget,
          resource: 'core',
          lane: ask.lane ?? 'person',
          cost: 1,
          points: ask.method === undefined || ask.method === 'GET' ? 1 : 5,
        });
  let answered: Exchange;
  try {
    answered = await send(parts.github, ask);
  } catch (error) {
    await turn?.end(null);
    if (error instanceof ExchangeFailed)
      throw new SourceRefused('failed', `GitHub did not answer: ${error.message}`, { cause: error });
    throw error;
  }
  const json = readJson(answered);
  const heard = readLimits({
    status: answered.status,
    headers: answered.headers,
    message: messageOf(json),
    resource: 'core',
  });
  await turn?.end(heard);
  if (heard.limited !== null) {
    const until = new Date(parts.now().getTime() + (heard.limited.retryAfterMs ?? heard.quota?.resetInMs ?? 60_000));
    throw new SourceRefused('throttled', 'GitHub asks us to wait', { status: answered.status, until });
  }
  if (answered.status >= 500)
    throw new SourceRefused('failed', `GitHub answered ${answered.status}`, { status: answered.status });
  return { status: answered.status, headers: answered.headers, json };
}

function send(github: GithubParts['github'], ask: GithubAsk): Promise<Exchange> {
  const headers: Record<string, string> = {
    ...(ask.at === 'web' ? { accept: 'application/json', 'user-agent': apiHeaders['user-agent'] } : apiHeaders),
    ...(ask.authorization === undefined ? {} : { authorization: ask.authorization }),
    ...(ask.json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(ask.form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
  };
  const body =
    ask.form === undefined
      ? ask.json === undefined
        ? undefined
        : JSON.stringify(ask.json)
      : new URLSearchParams(ask.form).toString();
  const base = ask.at === 'web' ? github.url : github.apiUrl;
  return exchange(
    fetch,
    new URL(base + ask.path),
    { method: ask.method ?? 'GET', headers, ...(body === undefined ? {} : { body }) },
    limits,
  );
}

function readJson({ body }: Exchange): unknown {
  if (body.byteLength === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body)) as unknown;
  } catch {
    // A page of a proxy in between; whoever asked reads what they need by a schema, which refuses it.
    return undefined;
  }
}

function messageOf(json: unknown): string {
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : '';
  return typeof message === 'string' ? message.slice(0, 300) : '';
}
