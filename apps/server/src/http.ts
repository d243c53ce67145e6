import type { Socket } from 'node:net';
import Fastify, { type FastifyHttpOptions, LogController, type RawServerDefault, type RouteOptions } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { newId } from '@devpulse/db/ids';
import { guardRoutes } from './accounts/guard-routes.ts';
import { openAuthenticator } from './accounts/open-authenticator.ts';
import { openRefusalNotes } from './audit/note-refusals.ts';
import type { App, RegisterRoutes, ServerDeps } from './deps.ts';
import { createParserFaultHandler } from './errors/answer-parser-fault.ts';
import { answerError, handleErrors, pathOf } from './errors/handle-errors.ts';
import { collectMethods, refuseWrongMethods } from './errors/match-methods.ts';
import { openLimiter } from './protect/open-limiter.ts';
import { openStoreLimits } from './protect/limit-store.ts';
import { usualLimits } from './protect/limit-classes.ts';
import { classifyRoutes, limitRequests, refuseKeyTrials } from './protect/limit-requests.ts';
import type { Protection } from './protect/protection.ts';
import { refuseBrokenText } from './protect/refuse-broken-text.ts';
import { addSafeHeaders } from './protect/safe-headers.ts';
import { describeApi } from './reference/describe-api.ts';
import { guardInstance } from './workspaces/guard-instance.ts';

/** What one connection and one request may cost; tests ask for less patience. */
export interface HttpLimits {
  requestMs: number;
  headersMs: number;
  keepAliveMs: number;
  /** How long nothing may move on a connection, as with a receiver that never reads. */
  idleMs: number;
  /** How often connections are looked at for the limits above. */
  checkMs: number;
  headerBytes: number;
  bodyBytes: number;
  connections: number;
}

export const httpLimits: HttpLimits = {
  // Fastify's own is none at all and Node's five minutes: one slow sender would hold a socket that long.
  requestMs: 15_000,
  headersMs: 10_000,
  // Longer than the 60 s of common proxies: whoever closes first while the other sends loses a request.
  keepAliveMs: 65_000,
  idleMs: 90_000,
  checkMs: 2_000,
  headerBytes: 16 * 1024,
  bodyBytes: 1024 * 1024,
  // An idle connection costs about 10 KiB; beyond this many, new ones are closed at once.
  connections: 12_000,
};

/** Builds the server with the given areas; nothing listens yet. */
export async function buildHttp(
  deps: ServerDeps,
  areas: readonly RegisterRoutes[],
  limits: HttpLimits = httpLimits,
): Promise<App> {
  const parserFaults = createParserFaultHandler(deps.log);
  const protection = deps.protection ?? usualProtection(deps);
  const app = Fastify({
    ...serverOptions(deps, limits, protection),
    clientErrorHandler: parserFaults.handle,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  parserFaults.watch(app.server);
  app.server.maxConnections = limits.connections;
  const authenticator = openAuthenticator(deps);
  // Order matters: an answer of the guard shall carry the request's id and the safe headers too.
  nameRequests(app);
  addSafeHeaders(app);
  refuseWrongMethods(app, collectMethods(app));
  classifyRoutes(app);
  refuseKeyTrials(app, protection.limiter, protection.limits);
  guardRoutes(app, authenticator, openRefusalNotes(deps));
  guardInstance(app, deps.store);
  limitRequests(app, protection.limiter, protection.limits);
  refuseBrokenText(app);
  handleErrors(app, deps.faults);
  observeRequests(app, deps);
  app.addHook('onRoute', refuseUnknownQueries);
  await describeApi(app, deps.instance.version);
  for (const area of areas) area(app, deps);
  dropSilentConnections(app);
  app.addHook('onClose', () => authenticator.close());
  return app;
}

/** Finishes what is in hand and closes; whoever is still not done after `graceMs` is cut off. */
export async function closeHttp(app: App, graceMs: number): Promise<void> {
  const timer = setTimeout(() => app.server.closeAllConnections(), graceMs);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

/** A misspelt parameter would otherwise be ignored, and the answer be one to another question. */
function refuseUnknownQueries(route: RouteOptions): void {
  if (route.config?.permission === 'public') return;
  const { querystring = z.object({}) } = route.schema ?? {};
  if (querystring instanceof z.ZodObject) route.schema = { ...route.schema, querystring: querystring.strict() };
}

/**
 * Connections on which nothing was ever asked, such as browsers open in advance, count as busy for Node: they would hold up
 * every close for as long as they please.
 */
function dropSilentConnections(app: App): void {
  const silent = new Set<Socket>();
  app.server.on('connection', (socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  app.server.on('request', (request) => silent.delete(request.socket));
  app.addHook('preClose', async () => {
    for (const socket of silent) socket.destroy();
  });
}

function usualProtection(deps: ServerDeps): Protection {
  return { limits: usualLimits, limiter: openLimiter(openStoreLimits(deps.store)), trustedProxies: [], tls: null };
}

function serverOptions(
  deps: ServerDeps,
  limits: HttpLimits,
  { trustedProxies, tls }: Protection,
): FastifyHttpOptions<RawServerDefault> {
  return {
    // Of anybody else nothing is believed that they say of themselves: address, protocol and host are those of the connection.
    ...(trustedProxies.length === 0 ? {} : { trustProxy: [...trustedProxies] }),
    // The kind of server is no matter to any route.
    ...(tls === null ? {} : { https: tls.current() }),
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'requestId' }),
    genReqId: (request) => chooseRequestId(request.headers['x-request-id']),
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.idleMs,
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      connectionsCheckingInterval: limits.checkMs,
    },
    // Requests on connections that are open already are served to the end while we close.
    return503OnClosing: false,
    routerOptions: { maxParamLength: 100, ignoreTrailingSlash: false },
    frameworkErrors: (error, request, reply) => {
      void answerError(error, request, reply, deps.faults);
    },
  };
}

/** The sender's own id where it is harmless, so that both sides' logs can be laid side by side. */
function chooseRequestId(given: string | string[] | undefined): string {
  return typeof given === 'string' && /^[\w.:-]{8,64}$/.test(given) ? given : newId();
}

function nameRequests(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.header('x-request-id', request.id);
  });
}

// Asked every few seconds by machines: at `info` they would drown everything else.
const quietRoutes = new Set(['/healthz', '/readyz', '/metrics']);

function observeRequests(app: App, deps: ServerDeps): void {
  app.addHook('onResponse', async (request, reply) => {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    const { method } = request;
    const status = reply.statusCode;
    deps.telemetry.requestServed({ method, route, status, seconds: reply.elapsedTime / 1000 });
    const line = {
      method,
      path: pathOf(request.url).slice(0, 300),
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    request.log[quietRoutes.has(route) ? 'debug' : 'info'](line, 'request served');
  });
}
