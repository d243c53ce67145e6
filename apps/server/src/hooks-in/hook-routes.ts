import { sql } from 'kysely';
import { z } from 'zod';
import {
  type HookList,
  hookListSchema,
  hookRemovedSchema,
  hookSchema,
  makeHookSchema,
} from '@devpulse/contract/wire/hooks';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import { ownOrigin } from '../accounts/own-origin.ts';
import { auditActor } from '../audit/record-audit.ts';
import { type GithubParts, githubPartsOf } from '../connections/github-parts.ts';
import { webhookPath } from '../connections/make-manifest.ts';
import { canBeReached } from '../connections/public-address.ts';
import { answeringRefusals } from '../connections/refusals.ts';
import type { App, ServerDeps } from '../deps.ts';
import { readDoubles, readHooks, viewHook } from './hook-rows.ts';
import type { HookSecrets } from './hook-secrets.ts';
import { makeHook, unreachableAdvice } from './make-hook.ts';
import { removeHookById, removeHookOf } from './remove-hook.ts';
import { rotateHook } from './rotate-hook.ts';

const tags = ['Webhooks'];

/** The webhooks that DevPulse makes at GitHub. */
export function registerHookRoutes(app: App, deps: ServerDeps, secrets: HookSecrets): void {
  registerHooksOfSources(app, deps, secrets);
  registerSingleHooks(app, deps, secrets);
}

function registerHooksOfSources(app: App, deps: ServerDeps, secrets: HookSecrets): void {
  const parts = githubPartsOf(deps);
  app.get('/api/v1/hooks', {
    config: { permission: 'sources.manage' },
    schema: {
      operationId: 'listHooks',
      tags,
      summary: 'The webhooks that DevPulse made, and whether GitHub can reach this instance',
      description: 'As it was when GitHub last told; this asks nobody.',
      querystring: z.strictObject({}),
      response: { 200: hookListSchema },
    },
    handler: (request) => listHooks(parts, request.viewer.workspaceId, ownOrigin(request, deps)),
  });
  app.post('/api/v1/sources/:id/hook', {
    config: {
      permission: 'sources.manage',
      limit: 'costly',
      errors: ['not_found', 'conflict', 'source_busy', 'source_failed'],
    },
    schema: {
      operationId: 'makeHook',
      tags,
      summary: 'Have GitHub tell of a repository at once',
      description: 'Makes a webhook at GitHub with the connection that reads the repository.',
      params: idParamsSchema,
      body: makeHookSchema,
      response: { 201: hookSchema },
    },
    handler: async (request, reply) => {
      const { workspaceId } = request.viewer;
      const wish = { workspaceId, sourceId: request.params.id, reach: request.body.reach };
      const origin = ownOrigin(request, deps);
      const id = await answeringRefusals(makeHook(parts, { ...wish, origin, actor: auditActor(request) }));
      const { hooks } = await listHooks(parts, workspaceId, origin);
      return reply.code(201).send(hooks.find((hook) => hook.id === id) ?? missing());
    },
  });
  app.delete('/api/v1/sources/:id/hook', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'removeHook',
      tags,
      summary: 'Remove the webhook of a repository',
      description: 'It is asked for what is new every few minutes from then on.',
      params: idParamsSchema,
      response: { 200: hookRemovedSchema },
    },
    handler: async (request) => {
      const { workspaceId } = request.viewer;
      const asked = { workspaceId, sourceId: request.params.id, actor: auditActor(request) };
      const { id, left } = await removeHookOf(parts, asked);
      secrets.forget(id);
      return { left };
    },
  });
}

function registerSingleHooks(app: App, deps: ServerDeps, secrets: HookSecrets): void {
  const parts = githubPartsOf(deps);
  app.delete('/api/v1/hooks/:id', {
    config: { permission: 'sources.manage', errors: ['not_found'] },
    schema: {
      operationId: 'removeSingleHook',
      tags,
      summary: 'Remove a webhook, whether or not its repository is still watched',
      params: idParamsSchema,
      response: { 200: hookRemovedSchema },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { workspaceId } = request.viewer;
      const left = await removeHookById(parts, { workspaceId, hook: id, actor: auditActor(request) });
      secrets.forget(id);
      return { left };
    },
  });
  app.post('/api/v1/hooks/:id/rotate', {
    config: {
      permission: 'sources.manage',
      limit: 'costly',
      errors: ['not_found', 'conflict', 'source_busy', 'source_failed'],
    },
    schema: {
      operationId: 'rotateHook',
      tags,
      summary: 'Give a webhook another secret',
      description: 'Deliveries signed with the old one count for seven days more.',
      params: idParamsSchema,
      response: { 200: hookSchema },
    },
    handler: async (request) => {
      const { id } = request.params;
      const { workspaceId } = request.viewer;
      const origin = ownOrigin(request, deps);
      const asked = { workspaceId, hook: id, origin, actor: auditActor(request) };
      // What a moment's memory has of it is one of the two that count.
      await answeringRefusals(rotateHook(parts, asked)).finally(() => secrets.forget(id));
      const { hooks } = await listHooks(parts, workspaceId, origin);
      return hooks.find((hook) => hook.id === id) ?? missing();
    },
  });
}

function missing(): never {
  throw new Error('a hook that was just made is not there');
}

async function listHooks(parts: GithubParts, workspaceId: string, origin: string): Promise<HookList> {
  const { rows } = await sql<Record<'pinged_at' | 'last_delivery_at' | 'last_gap_at' | 'swept_at', Date | null>>`
    select pinged_at, last_delivery_at, last_gap_at, swept_at from read_app_hook(${parts.github.host})`.execute(
    parts.store.app,
  );
  const [app] = rows;
  const isReachable = canBeReached(origin, parts.github.host);
  const { hooks, doubles } = await parts.store.inWorkspace(workspaceId, async (trx) => ({
    hooks: await readHooks(trx),
    doubles: await readDoubles(trx),
  }));
  return {
    address: `${origin}${webhookPath}`,
    isReachable,
    advice: isReachable ? null : unreachableAdvice,
    app:
      app === undefined
        ? null
        : {
            pingedAt: app.pinged_at?.toISOString() ?? null,
            lastDeliveryAt: app.last_delivery_at?.toISOString() ?? null,
            lastGapAt: app.last_gap_at?.toISOString() ?? null,
            sweptAt: app.swept_at?.toISOString() ?? null,
          },
    hooks: hooks.map((hook) => viewHook(hook, doubles.get(hook.id) ?? [])),
  };
}
