import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { eventLimits } from '@devpulse/contract/raw-event';
import { captureAnswerSchema, eventItemSchema } from '@devpulse/contract/wire/events';
import type { App, ServerDeps } from '../deps.ts';
import { type BodyBudget, openBodyBudget } from './body-budget.ts';
import { captureItems } from './capture-items.ts';
import { readBody } from './read-body.ts';

// Four of the largest bodies at once: with what the store's driver copies, about 300 MiB at the worst.
const bodiesTogether = 4;
const patienceMs = 3_000;

const bodySchema = z.union([eventItemSchema, z.array(eventItemSchema).min(1).max(eventLimits.itemsPerRequest)]);

const description = `One item, an array of them, or NDJSON (\`application/x-ndjson\`, one item a line; blank lines are skipped). At most
${eventLimits.itemsPerRequest} items and ${eventLimits.bodyBytes} bytes a request, counted after unpacking (\`Content-Encoding: gzip\` is understood).

Answered with 202 when everything accepted is on disk. Each item stands alone and has its own status, in the order sent; the
same source and key again is a \`duplicate\` and harmless, so after a lost answer send all of it again. When not one item can
be stored, and when the body as a whole cannot be read, the answer is an error and nothing was stored.

The bytes of \`payload\` are kept exactly as sent, spelling of numbers, repeated names and unpaired surrogates included. The
body must be UTF-8; a byte-order mark in front of it is skipped. A request has 15 seconds to arrive.`;

/** The public door: whatever a connector knows how to read can be sent in here. */
export function registerEventRoutes(app: App, deps: ServerDeps): void {
  const budget = openBodyBudget({ totalBytes: bodiesTogether * eventLimits.bodyBytes, patienceMs });
  // A scope of its own: elsewhere bodies are parsed before anybody sees them, here they are not parsed at all.
  void app.register(async (scoped: App) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser(['application/json', 'application/x-ndjson'], (_request, payload, done) =>
      done(null, payload),
    );
    scoped.addContentTypeParser('*', (_request, _payload, done) => {
      done(new AppError('unsupported_media_type', 'This address takes application/json and application/x-ndjson.'));
    });
    addCaptureRoute(scoped, deps, budget);
  });
}

function addCaptureRoute(app: App, deps: ServerDeps, budget: BodyBudget): void {
  app.post('/api/v1/events', {
    config: {
      permission: 'events.send',
      limit: 'ingest',
      errors: ['too_deep', 'too_many_items', 'busy', 'store_full'],
    },
    schema: {
      operationId: 'sendEvents',
      tags: ['Events'],
      summary: 'Send raw events in',
      description,
      consumes: ['application/json', 'application/x-ndjson'],
      body: bodySchema,
      response: { 202: captureAnswerSchema },
    },
    // The schema above is for the reference: the body reaches the handler as a stream.
    validatorCompiler: () => (data) => ({ value: data }),
    handler: async (request, reply) => {
      const format = /^application\/x-ndjson\b/i.test(request.headers['content-type'] ?? '') ? 'ndjson' : 'json';
      const body = await readBody(request.raw, { bytes: eventLimits.bodyBytes, budget });
      try {
        return await reply.code(202).send(await captureItems(deps, request.viewer, { bytes: body.bytes, format }));
      } finally {
        body.release();
      }
    },
  });
}
