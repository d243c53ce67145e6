import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { answerApi, answerPage, finish, refuseLimited } from './answer.ts';
import { readAppToken } from './apps.ts';
import type { Fault } from './faults.ts';
import { limitHeaders, type Resource } from './limits.ts';
import { refuse, type Ask, type LoggedRequest, type Reply, type State } from './state.ts';

/** Listens on a free port of this machine. */
export async function serve(state: State): Promise<{ url: string; close(): Promise<void> }> {
  let together = 0;
  const server = createServer((request, response) => {
    together += 1;
    response.once('close', () => {
      together -= 1;
    });
    handle(state, request, response, together).catch((error: unknown) => {
      state.signIn.refused.push(String(error));
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: `The counterpart broke down: ${String(error)}` }));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { url: `http://127.0.0.1:${port}`, close: () => closeServer(server) };
}

async function handle(
  state: State,
  request: IncomingMessage,
  response: ServerResponse,
  together: number,
): Promise<void> {
  const at = state.clock.now().getTime();
  const body = await readBody(request);
  const { ask, isApi, problem } = readAsk(state, request, body);
  const resource: Resource = ask.path === '/graphql' ? 'graphql' : ask.path.startsWith('/search/') ? 'search' : 'core';
  const entry: LoggedRequest = {
    at,
    method: ask.method,
    path: ask.path,
    query: ask.query.toString(),
    status: 0,
    who: ask.who,
    resource,
    isBreach: false,
    isRefused: false,
    fault: null,
    together,
    isPassedOn: false,
  };
  state.requests.push(entry);
  const fault = state.faults.strike({ method: ask.method, path: ask.path, page: Number(ask.query.get('page') ?? 1) });
  if (fault !== undefined) entry.fault = String(fault);
  if (typeof fault === 'number' || fault === 'html' || fault === 'silence' || fault === 'reset') {
    entry.status = breakDown(response, fault);
    return;
  }
  const reply = isApi ? await limited(ask, resource, entry, problem) : await viaPage(ask, entry);
  const done = finish(ask, reply);
  if (done.status === 304) state.limits.give(ask.who, resource, 1);
  entry.status = done.status;
  const limits = isApi && problem === undefined ? limitHeaders(state, ask.who, resource) : {};
  const headers = { ...limits, ...done.headers };
  if (fault === 'cut') return cut(response, headers, done.body);
  response.writeHead(done.status, headers).end(done.body);
}

async function viaPage(ask: Ask, entry: LoggedRequest): Promise<Reply> {
  const { reply, isPassedOn } = await answerPage(ask);
  entry.isPassedOn = isPassedOn;
  return reply;
}

async function limited(ask: Ask, resource: Resource, entry: LoggedRequest, problem: Reply | undefined): Promise<Reply> {
  if (problem !== undefined) return problem;
  const { limits } = ask.state;
  const wasTold = limits.told.has(ask.who);
  const refusal = ask.path === '/rate_limit' ? undefined : limits.take(ask.who, resource, 1);
  if (refusal !== undefined) {
    entry.isBreach = wasTold;
    entry.isRefused = true;
    limits.told.set(ask.who, entry.at);
    return refuseLimited(ask, resource, refusal);
  }
  const { reply, isPassedOn } = await answerApi(ask);
  entry.isPassedOn = isPassedOn;
  return reply;
}

/** What is asked, and by whom; `problem`: nobody we know. */
function readAsk(state: State, request: IncomingMessage, body: Buffer): { ask: Ask; isApi: boolean; problem?: Reply } {
  const asked = new URL(request.url ?? '/', state.world.web);
  const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
  const prefix = /^\/api(?:\/v3)?(?=\/|$)/.exec(asked.pathname)?.[0];
  const isApi = prefix !== undefined || asked.pathname === '/graphql';
  const path = prefix === undefined ? asked.pathname : asked.pathname.slice(prefix.length) || '/';
  const ask: Ask = {
    state,
    world: state.world,
    method: request.method ?? 'GET',
    path,
    asked,
    params: {},
    query: asked.searchParams,
    headers,
    body,
    token: null,
    app: null,
    viewer: null,
    who: 'anonymous',
  };
  const given = isApi ? secretOf(headers['authorization'] ?? '') : null;
  if (given === null) return { ask, isApi };
  if (path.startsWith('/applications/')) return { ask, isApi };
  if (/^ey[\w-]+\.[\w-]+\.[\w-]+$/.test(given)) {
    const app = readAppToken(state.apps, given, state.clock.seconds());
    if (typeof app === 'string') return { ask, isApi, problem: refuse(401, app) };
    return { ask: { ...ask, app, who: `app:${app.id}` }, isApi };
  }
  const token = state.tokens.read(given);
  if (typeof token === 'string') return { ask, isApi, problem: refuse(401, 'Bad credentials') };
  const isPerson = token.kind !== 'installation';
  const who = isPerson ? token.account.login : `installation:${token.installation}`;
  return { ask: { ...ask, token, viewer: isPerson ? token.account : null, who }, isApi };
}

function secretOf(authorization: string): string | null {
  const [, scheme = '', value = ''] = /^(\w+) (.+)$/.exec(authorization) ?? [];
  if (/^(?:bearer|token)$/i.test(scheme)) return value;
  if (!/^basic$/i.test(scheme)) return null;
  const [user = '', word = ''] = Buffer.from(value, 'base64').toString().split(':');
  return word === '' ? user : word;
}

function breakDown(response: ServerResponse, fault: Fault['kind']): number {
  if (fault === 'silence') return 0;
  if (fault === 'reset') {
    response.destroy();
    return 0;
  }
  const status = fault === 'html' ? 200 : Number(fault);
  const page =
    '<!DOCTYPE html><html><title>Unicorn! · GitHub</title><p>This page is taking too long to load.</p></html>';
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  return status;
}

/** Half of the answer, and the line is cut as if all of it had come. */
function cut(response: ServerResponse, headers: Record<string, string>, body: Buffer): void {
  response.writeHead(200, headers).end(body.subarray(0, Math.floor(body.length / 2)));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
