import type { FastifyReply, FastifyRequest } from 'fastify';
import { screenPaths } from '@devpulse/contract/screens';
import type { App, ServerDeps } from '../deps.ts';
import { chooseEncoding } from './choose-encoding.ts';
import { type BuiltFile, buildFolder, readBuild, type WebBuild } from './read-build.ts';

/** The screens: one page for every address that the web knows, and the files it is made of. */
export function registerWebRoutes(app: App, deps: ServerDeps): void {
  // GitHub makes an App out of a form that the browser posts there.
  const build = readBuild(deps.webFolder ?? buildFolder, deps.githubHost.url);
  // A program that was started without its set-up: the reference area then draws a plain first page.
  if (build === null) return;
  for (const [url, file] of build.files) {
    addRoute(app, url, (request, reply) => {
      // A service worker is bound by the policy it came with, and it does nothing but fetch what we serve.
      if (url === '/sw.js') void reply.header('content-security-policy', workerPolicy);
      return sendFile(request, reply, file);
    });
  }
  // Whoever follows a dead link by hand is told so by a page, everybody else by a problem document.
  app.decorate('pageForNobody', (request: FastifyRequest, reply: FastifyReply) =>
    sendPage(request, reply.code(404), build),
  );
  for (const url of screenPaths) addRoute(app, url, (request, reply) => sendPage(request, reply, build));
}

const workerPolicy = "default-src 'none'; connect-src 'self'";

function addRoute(
  app: App,
  url: string,
  handler: (request: FastifyRequest, reply: FastifyReply) => FastifyReply,
): void {
  app.get(url, {
    config: { permission: 'public' },
    schema: { hide: true },
    handler: async (request, reply) => handler(request, reply),
  });
}

function sendPage(request: FastifyRequest, reply: FastifyReply, build: WebBuild): FastifyReply {
  void reply.header('content-security-policy', build.policy);
  return sendFile(request, reply, build.page);
}

const forEver = 'public, max-age=31536000, immutable';
const askEveryTime = 'no-cache';

function sendFile(request: FastifyRequest, reply: FastifyReply, file: BuiltFile): FastifyReply {
  void reply.headers({
    'content-type': file.type,
    'cache-control': file.immutable ? forEver : askEveryTime,
    etag: file.etag,
    vary: 'accept-encoding',
  });
  if (reply.statusCode === 200 && request.headers['if-none-match'] === file.etag) return reply.code(304).send();
  const { body, encoding } = chooseEncoding(request.headers['accept-encoding'], file);
  if (encoding !== null) void reply.header('content-encoding', encoding);
  return reply.send(body);
}
