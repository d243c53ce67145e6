import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { neededPermissions } from '@devpulse/connectors/github/needs';
import { SourceRefused } from '@devpulse/contract/source-client';
import {
  type GithubAppView,
  githubAppSchema,
  manifestFormSchema,
  pasteAppSchema,
  startManifestSchema,
} from '@devpulse/contract/wire/connections';
import { ownOrigin } from '../accounts/own-origin.ts';
import { type AuditActor, auditActor, recordAudit } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { forgetApp, readApp } from './app-store.ts';
import { convertManifest, pasteApp } from './convert-manifest.ts';
import { beginFlow, endFlow, type Flow } from './flows.ts';
import { type GithubParts, githubPartsOf } from './github-parts.ts';
import { appInstalledPath, appReturnPath, makeManifest, webhookPath } from './make-manifest.ts';
import { connectionsPage, returnPath } from './oauth-routes.ts';
import { canBeReached } from './public-address.ts';
import { answeringRefusals } from './refusals.ts';
import { installUrlOf } from './view-connection.ts';

const tags = ['GitHub App'];

/** The GitHub App of the instance: made at GitHub in two clicks, or pasted. For those who look after the instance. */
export function registerAppRoutes(app: App, deps: ServerDeps): void {
  registerReading(app, deps);
  registerManifest(app, deps);
  registerReturns(app, deps);
}

function registerReading(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.get('/api/v1/github-app', {
    config: { permission: 'sources.manage', instance: true },
    schema: {
      operationId: 'readGithubApp',
      tags,
      summary: 'The GitHub App of this instance',
      querystring: z.strictObject({}),
      response: { 200: githubAppSchema },
    },
    handler: (request) => viewApp(parts, ownOrigin(request, deps)),
  });
  app.put('/api/v1/github-app', {
    config: { permission: 'sources.manage', instance: true, errors: ['source_busy', 'source_failed', 'conflict'] },
    schema: {
      operationId: 'pasteGithubApp',
      tags,
      summary: 'Set up a GitHub App that is there already',
      description:
        'GitHub is asked whether the key is its key. What is left out stays as it was. Secrets are kept sealed and never shown.',
      body: pasteAppSchema,
      response: { 200: githubAppSchema },
    },
    handler: async (request) => {
      await answeringRefusals(pasteApp(parts, request.body));
      await note(parts, request.viewer.workspaceId, {
        action: 'github_app.saved',
        actor: auditActor(request),
        id: request.body.number,
      });
      return viewApp(parts, ownOrigin(request, deps));
    },
  });
  app.delete('/api/v1/github-app', {
    config: { permission: 'sources.manage', instance: true, errors: ['not_found'] },
    schema: {
      operationId: 'removeGithubApp',
      tags,
      summary: 'Forget the GitHub App; what was read with it stays',
      description:
        'Connections by its installations stop. The App itself stays at GitHub until somebody deletes it there.',
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      if (!(await forgetApp(parts))) throw new AppError('not_found', 'There is no GitHub App here.');
      await note(parts, request.viewer.workspaceId, {
        action: 'github_app.removed',
        actor: auditActor(request),
        id: parts.github.host,
      });
      return reply.code(204).send(null);
    },
  });
}

function registerManifest(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.post('/api/v1/github-app/manifest', {
    config: { permission: 'sources.manage', instance: true, errors: ['conflict'] },
    schema: {
      operationId: 'startGithubApp',
      tags,
      summary: 'The form with which GitHub makes an App for this instance',
      description:
        'The browser posts it; GitHub asks for a name, makes the App with the right permissions, and sends the browser back.',
      body: startManifestSchema,
      response: { 200: manifestFormSchema },
    },
    handler: async (request, reply) => {
      if ((await readApp(parts)) !== null)
        throw new AppError('conflict', 'There is a GitHub App here already. Remove it first.');
      const { organisation, name, isPublic } = request.body;
      const manifest = makeManifest(parts, { origin: ownOrigin(request, deps), name, isPublic, returnPath });
      const { state } = await beginFlow(parts, { request, reply }, { purpose: 'app manifest', details: {} });
      const owner = organisation === undefined ? '' : `/organizations/${organisation}`;
      const action = `${parts.github.url}${owner}/settings/apps/new?state=${encodeURIComponent(state)}`;
      return { action, manifest: JSON.stringify(manifest) };
    },
  });
}

function registerReturns(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.get(appReturnPath, {
    config: { permission: 'public', limit: 'doors', errors: ['store_unavailable'] },
    schema: {
      operationId: 'returnGithubApp',
      tags,
      summary: 'Where GitHub sends the browser back to once it has made the App',
      querystring: z.object({ code: z.string().max(500).optional(), state: z.string().max(200).optional() }),
      response: { 302: z.null() },
    },
    handler: async (request, reply) => {
      const { code, state } = request.query;
      const flow = await endFlow(parts, { request, reply }, { purpose: 'app manifest', state });
      const actor = auditActor(request);
      const outcome =
        flow === null || code === undefined ? { error: 'state' } : await convert(parts, flow, actor, code);
      return reply.redirect(`${connectionsPage}?${new URLSearchParams(outcome).toString()}`, 302);
    },
  });
  app.get(appInstalledPath, {
    config: { permission: 'public', limit: 'doors' },
    schema: {
      operationId: 'returnInstallation',
      tags,
      summary: 'Where GitHub sends the browser back to after the App was installed',
      description:
        'Anybody can write such an address, so that nothing follows from it but the page on which an installation is claimed.',
      querystring: z.object({
        installation_id: z
          .string()
          .regex(/^\d{1,20}$/)
          .optional(),
        setup_action: z.string().max(40).optional(),
        state: z.string().max(200).optional(),
        code: z.string().max(500).optional(),
      }),
      response: { 302: z.null() },
    },
    handler: async ({ query }, reply) => {
      const what =
        query.installation_id === undefined ? { installation: 'requested' } : { installation: query.installation_id };
      return reply.redirect(`${connectionsPage}?${new URLSearchParams(what).toString()}`, 302);
    },
  });
}

async function convert(
  parts: GithubParts,
  flow: Flow,
  came: AuditActor,
  code: string,
): Promise<Record<string, string>> {
  const { rows } = await sql<{ may: boolean }>`
    select runs_instance(${flow.workspaceId}, ${flow.personId}, ${flow.accountId}) as may`.execute(parts.store.app);
  if (rows[0]?.may !== true) return { error: 'state' };
  try {
    const app = await convertManifest(parts, code);
    if (app === null) return { error: 'app' };
    const actor = { ...came, accountId: flow.accountId, personId: flow.personId, via: 'session' as const };
    await note(parts, flow.workspaceId, { action: 'github_app.saved', actor, id: app.number });
    return { app: app.slug };
  } catch (error) {
    if (error instanceof SourceRefused) return { error: 'failed' };
    throw error;
  }
}

async function note(
  parts: GithubParts,
  workspaceId: string,
  { action, actor, id }: { action: 'github_app.saved' | 'github_app.removed'; actor: AuditActor; id: string },
): Promise<void> {
  const app = await readApp(parts);
  await parts.store.inWorkspace(workspaceId, (trx) =>
    recordAudit(trx, {
      actor,
      action,
      target: { kind: 'GitHub App', id, ...(app === null ? {} : { name: app.name }) },
    }),
  );
}

async function viewApp(parts: GithubParts, origin: string): Promise<GithubAppView> {
  const app = await readApp(parts);
  const webhookUrl = canBeReached(origin, parts.github.host) ? `${origin}${webhookPath}` : null;
  if (app === null) return { app: null, webhookUrl };
  const asked = neededPermissions.filter(({ key }) => key !== 'repository_hooks');
  return {
    webhookUrl,
    app: {
      number: app.number,
      slug: app.slug,
      name: app.name,
      url: app.url,
      installUrl: installUrlOf(parts, app),
      owner: app.owner,
      hasWebhookSecret: app.webhookSecret !== null,
      hasClient: app.clientId !== null && app.clientSecret !== null,
      missing: asked.filter(({ key }) => app.permissions[key] === undefined).map(({ name }) => name),
      createdAt: app.createdAt.toISOString(),
    },
  };
}
