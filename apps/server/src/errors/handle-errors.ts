import type { FastifyReply, FastifyRequest } from 'fastify';
import { AppError, errorCatalogue } from '@devpulse/contract/errors';
import type { App, ServerDeps } from '../deps.ts';
import { classifyError } from './classify-error.ts';
import { makeProblem, problemHeaders, problemType } from './make-problem.ts';

/** Answers everything that is thrown, and every address that does not exist, from the catalogue. */
export function handleErrors(app: App, faults: ServerDeps['faults']): void {
  app.setErrorHandler((thrown, request, reply) => answerError(thrown, request, reply, faults));
  app.setNotFoundHandler((request, reply) => {
    if (app.pageForNobody !== undefined && isVisit(request)) return app.pageForNobody(request, reply);
    return answerError(new AppError('not_found', 'There is nothing at this address.'), request, reply, faults);
  });
}

/** Somebody at a browser, who typed an address or followed a link. */
function isVisit(request: FastifyRequest): boolean {
  const wantsPage = (request.headers.accept ?? '').includes('text/html');
  return wantsPage && request.method === 'GET' && !/^\/(api|webhooks|assets)\//.test(pathOf(request.url));
}

/** Sends one error; faults of ours and of the store are logged with their cause, and kept. */
export function answerError(
  thrown: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  faults: ServerDeps['faults'],
): FastifyReply {
  const error = classifyError(thrown);
  const { status } = errorCatalogue[error.code];
  if (error.code === 'internal') request.log.error({ err: error.cause ?? error }, 'request failed');
  else if (status >= 500)
    request.log.warn({ err: error.cause ?? error, code: error.code }, 'request could not be served');
  if (isUnexpected(error)) {
    const route = request.is404 ? 'none' : (request.routeOptions.url ?? 'none');
    faults.record({ error, origin: `${request.method} ${route}`, requestId: request.id });
  }
  // Text, so that a response schema that does not list this status cannot turn one error into another.
  return reply
    .code(status)
    .headers({ ...problemHeaders(error), 'x-request-id': request.id, 'content-type': `${problemType}; charset=utf-8` })
    .send(JSON.stringify(makeProblem(error, request.id)));
}

/** Turning senders away while there is too much to do is no fault; rows that two fought for are. */
function isUnexpected(error: AppError): boolean {
  return errorCatalogue[error.code].status >= 500 && (error.code !== 'busy' || error.cause !== undefined);
}

/** The address without its query, which may hold what is nobody's business. */
export function pathOf(url: string): string {
  return url.split('?', 1)[0] ?? '';
}
