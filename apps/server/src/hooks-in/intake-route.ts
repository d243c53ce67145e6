import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { eventLimits } from '@devpulse/contract/raw-event';
import { deliveryTakenSchema } from '@devpulse/contract/wire/hooks';
import { webhookPath } from '../connections/make-manifest.ts';
import type { App, ServerDeps } from '../deps.ts';
import { type BodyBudget, openBodyBudget } from '../ingest/body-budget.ts';
import { readBody } from '../ingest/read-body.ts';
import { isSigned, readSignature } from './check-signature.ts';
import { type HookSecrets, type KnownHook, nobodysSecret } from './hook-secrets.ts';
import { openRefusedNotes } from './note-refused.ts';
import { appHook, readDelivery } from './read-delivery.ts';
import { takeDelivery } from './take-delivery.ts';

// Four of the largest bodies at once.
const bodiesTogether = 4;
const patienceMs = 3_000;

const description = `Of the headers \`X-Hub-Signature-256\` is needed: the HMAC-SHA256 of the body, byte for byte, with the secret of the hook.
Without one that counts the answer is 401 and nothing is stored.

Answered with 202 when the delivery is on disk, also when it was there before. It is read afterwards. At most
${eventLimits.bodyBytes} bytes; \`Content-Encoding\` is not understood, since the signature is of the bytes as sent.`;

/** Where GitHub delivers to. */
export function registerIntakeRoutes(app: App, deps: ServerDeps, secrets: HookSecrets): void {
  const take = openIntake(deps, secrets);
  const config = { permission: 'public', limit: 'ingest', errors: ['unauthenticated', 'busy', 'store_full'] } as const;
  const shared = { tags: ['Webhooks'], description, response: { 202: deliveryTakenSchema } };
  // A scope of its own: elsewhere bodies are parsed before anybody sees them, here they are not parsed at all.
  void app.register(async (scoped: App) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    scoped.post(webhookPath, {
      config,
      schema: { ...shared, operationId: 'takeAppDelivery', summary: 'A delivery of the GitHub App’s webhook' },
      handler: async (request, reply) => {
        await take(request, appHook);
        return reply.code(202).send({ taken: true });
      },
    });
    scoped.post(`${webhookPath}/:hook`, {
      config,
      schema: {
        ...shared,
        operationId: 'takeDelivery',
        summary: 'A delivery of a webhook that DevPulse made',
        params: z.strictObject({ hook: z.string() }),
      },
      handler: async (request, reply) => {
        // The App has an address of its own; nobody comes by its name.
        await take(request, request.params.hook === appHook ? '' : request.params.hook);
        return reply.code(202).send({ taken: true });
      },
    });
  });
}

function openIntake(deps: ServerDeps, secrets: HookSecrets): (request: FastifyRequest, hook: string) => Promise<void> {
  const budget = openBodyBudget({ totalBytes: bodiesTogether * eventLimits.bodyBytes, patienceMs });
  const noteRefused = openRefusedNotes(deps);
  return async (request, hook) => {
    const signature = readSignature(request.headers['x-hub-signature-256']);
    const body = signature === null ? null : await readWhole(request, budget);
    try {
      const known = body === null || signature === null ? null : await findSigner(secrets, hook, body.bytes, signature);
      if (body === null || known === null) {
        request.raw.resume();
        await noteRefused(request, hook, await secrets.find(hook));
        throw new AppError('unauthenticated', 'The delivery has no signature that counts.');
      }
      await takeDelivery(deps, readDelivery(hook, request.headers, body.bytes), known.workspaceId);
    } finally {
      body?.release();
    }
    deps.hearSoon();
  };
}

/** The hook, if one of its secrets made the signature. What a moment's memory does not know is asked for before it is refused. */
async function findSigner(
  secrets: HookSecrets,
  hook: string,
  body: Buffer,
  signature: string,
): Promise<KnownHook | null> {
  const known = await secrets.find(hook);
  if ((await isSigned(body, signature, known?.secrets ?? [nobodysSecret])) && known !== null) return known;
  secrets.forget(hook);
  const fresh = await secrets.find(hook);
  if (fresh === null || fresh.secrets.join() === known?.secrets.join()) return null;
  return (await isSigned(body, signature, fresh.secrets)) ? fresh : null;
}

async function readWhole(request: FastifyRequest, budget: BodyBudget): ReturnType<typeof readBody> {
  const { 'content-encoding': encoding = 'identity' } = request.headers;
  if (encoding !== 'identity') {
    request.raw.resume();
    throw new AppError('unsupported_media_type', 'A delivery comes as it was signed, without a content encoding.');
  }
  return readBody(request.raw, { bytes: eventLimits.bodyBytes, budget });
}
