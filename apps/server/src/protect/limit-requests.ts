import type { FastifyReply, FastifyRequest, onRequestHookHandler, RouteOptions } from 'fastify';
import { AppError } from '@devpulse/contract/errors';
import type { App, Viewer } from '../deps.ts';
import { type Budget, budgetOf, type LimitClass, limitClassNames, type LimitSettings } from './limit-classes.ts';
import { nameAddress } from './name-address.ts';
import type { Draw, Limiter, Verdict } from './open-limiter.ts';

interface ClassBudgets {
  own: Budget;
  /** For all tokens and sessions of a person together: more of them make nobody mightier than two. */
  person: Budget;
}

/** Requests that lose nothing by a store that is away: events go to the durable path, pages are in memory. */
const openClasses = new Set<LimitClass>(['ingest', 'visits']);

// Whoever is not known yet has little to say; everybody else sends forms and lists. Routes that take more say so themselves.
const doorBodyBytes = 32 * 1024;
const usualBodyBytes = 1024 * 1024;

/** Gives every route its class and the size of what it takes, before the reference reads it. */
export function classifyRoutes(app: App): void {
  app.addHook('onRoute', (route) => {
    const limit = route.config?.limit ?? usualClass(route);
    route.config = { ...route.config, limit };
    route.bodyLimit ??= limit === 'doors' ? doorBodyBytes : usualBodyBytes;
  });
}

function usualClass(route: RouteOptions): LimitClass | 'none' {
  const isSafe = [route.method].flat().every((method) => method === 'GET' || method === 'HEAD');
  if (route.config?.permission !== 'public') return isSafe ? 'reads' : 'writes';
  // Pages, files and the checks of those who watch are served from memory, and must be when all else is too much.
  if (!route.url.startsWith('/api/')) return 'none';
  return isSafe ? 'visits' : 'doors';
}

/** Before it is known who asks: an address from which nothing but worthless keys came is not looked up any more. */
export function refuseKeyTrials(app: App, limiter: Limiter, limits: LimitSettings): void {
  if (limits === null) return;
  const budget = budgetOf('keys', limits.keys);
  const good = new Set<string>();
  // On most days nobody tries keys: until somebody does, no request pays for this.
  let isTried = false;
  app.addHook('onRequest', (request, reply, done) => {
    const waitMs = isTried && asksForKey(request) ? limiter.isSpent(trialKey(request)) : 0;
    if (waitMs === 0 || good.has(credentialOf(request))) done();
    else done(refuse(reply, { budget, waitMs, left: 0 }));
  });
  app.addHook('onError', async (request, _reply, error) => {
    if (!(error instanceof AppError) || error.code !== 'unauthenticated' || credentialOf(request) === '') return;
    isTried = true;
    if (good.size > goodMax) good.clear();
    const draw = { key: trialKey(request), budget, failOpen: false };
    // The answer stays what it was; that the next one is refused is all this is for.
    await Promise.resolve(limiter.draw([draw])).catch(() => undefined);
  });
  app.addHook('preHandler', (request, _reply, done) => {
    // Whoever was let in goes on being let in when a neighbour behind the same address tries keys.
    if (isTried && isKnown(request) && limiter.knows(trialKey(request))) good.add(credentialOf(request));
    done();
  });
}

const goodMax = 10_000;

function asksForKey(request: FastifyRequest): boolean {
  return !request.is404 && request.routeOptions.config.permission !== 'public';
}

function isKnown(request: FastifyRequest): boolean {
  return (request.viewer as Viewer | undefined) !== undefined;
}

/**
 * Once it is known who asks. Each route gets a hook of its own: to ask a request for its route would cost more than the limit.
 */
export function limitRequests(app: App, limiter: Limiter, limits: LimitSettings): void {
  if (limits === null) return;
  const budgets = new Map<LimitClass, ClassBudgets>(
    limitClassNames.map((name) => [
      name,
      { own: budgetOf(name, limits[name]), person: budgetOf(`${name}-person`, 2 * limits[name]) },
    ]),
  );
  app.addHook('onRoute', (route) => {
    const limit = route.config?.limit;
    const chosen = limit === undefined || limit === 'none' ? undefined : budgets.get(limit);
    if (limit === undefined || limit === 'none' || chosen === undefined) return;
    const hook: onRequestHookHandler = (request, reply, done) => {
      const finish = (verdict: Verdict): void => {
        // Senders of events ask thousands of times a second; they are told when it matters.
        if (limit !== 'ingest' || verdict.waitMs > 0) describe(reply, verdict);
        done(verdict.waitMs > 0 ? refuse(reply, verdict) : undefined);
      };
      const verdict = limiter.draw(drawsOf(request, limit, chosen));
      if (verdict instanceof Promise) verdict.then(finish, done);
      else finish(verdict);
    };
    route.onRequest = [route.onRequest ?? [], hook].flat() as onRequestHookHandler[];
  });
}

function drawsOf(request: FastifyRequest, limit: LimitClass, budgets: ClassBudgets): Draw[] {
  const failOpen = openClasses.has(limit);
  const viewer = request.viewer as Viewer | undefined;
  if (viewer === undefined) return [{ key: `${limit} from ${nameAddress(request.ip)}`, budget: budgets.own, failOpen }];
  const place = `${limit} in ${viewer.workspaceId}`;
  const person = { key: `${place} of ${viewer.personId}`, budget: budgets.person, failOpen };
  const proof = viewer.tokenId ?? viewer.sessionId ?? viewer.deviceId;
  return proof === null ? [person] : [{ key: `${place} by ${proof}`, budget: budgets.own, failOpen }, person];
}

/** The draft of the IETF for such headers: how much in how long, how much is left, and when there is more. */
function describe(reply: FastifyReply, { budget, left, waitMs }: Verdict): void {
  const windowSeconds = Math.max(1, Math.round((budget.most * budget.everyUs) / 1_000_000));
  const resetSeconds =
    waitMs > 0 ? Math.ceil(waitMs / 1000) : Math.ceil(((budget.most - left) * budget.everyUs) / 1_000_000);
  void reply.headers({
    'ratelimit-policy': `"${budget.name}";q=${budget.most};w=${windowSeconds}`,
    ratelimit: `"${budget.name}";r=${Math.max(0, left)};t=${Math.max(0, resetSeconds)}`,
  });
}

function refuse(reply: FastifyReply, { waitMs }: Verdict): AppError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  void reply.header('retry-after', String(seconds));
  return new AppError('too_many_requests', `Too many requests at once; the next one counts in ${seconds} s.`);
}

function trialKey(request: FastifyRequest): string {
  return `keys from ${nameAddress(request.ip)}`;
}

function credentialOf(request: FastifyRequest): string {
  return request.headers.authorization ?? request.headers.cookie ?? '';
}
