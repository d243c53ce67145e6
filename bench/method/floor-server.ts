import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fastify from 'fastify';

/**
 * The floor B1, started as a process: Fastify, and a route that checks an HMAC over the body and stores nothing. It serves a
 * static page as well, the floor of what a browser can have from such a server.
 */
const secret = process.argv[2] ?? '';
const pageFile = process.argv[3];
const app = fastify();
app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.get('/', (_request, reply) =>
  reply.type('text/html').send(pageFile === undefined ? '<!doctype html><title>Floor</title>' : readFileSync(pageFile)),
);
app.post('/events', (request, reply) => {
  const told = Buffer.from(String(request.headers['x-hub-signature-256'] ?? '').replace('sha256=', ''), 'hex');
  const right = createHmac('sha256', secret)
    .update(request.body as Buffer)
    .digest();
  if (told.length !== right.length || !timingSafeEqual(told, right)) return reply.code(401).send({ accepted: 0 });
  return reply.code(202).send({ accepted: 1 });
});
await app.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`${JSON.stringify(app.server.address())}\n`);
process.on('SIGTERM', () => void app.close().then(() => process.exit(0)));
