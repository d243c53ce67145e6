import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { connectionSchema, installationListSchema } from '@devpulse/contract/wire/connections';
import { auditActor } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { readApp } from './app-store.ts';
import { claimInstallation, listClaimable, viewInstallations } from './claim-installation.ts';
import { type GithubParts, githubPartsOf } from './github-parts.ts';
import { readInstallations, refreshInstallations } from './installations.ts';
import { answeringRefusals } from './refusals.ts';
import { installUrlOf, viewConnection } from './view-connection.ts';

const tags = ['GitHub App'];

/** Where the App is installed, and which workspace has it. */
export function registerInstallationRoutes(app: App, deps: ServerDeps): void {
  const parts = githubPartsOf(deps);
  app.post('/api/v1/github-installations/refresh', {
    config: {
      permission: 'sources.manage',
      instance: true,
      limit: 'costly',
      errors: ['not_configured', 'source_busy', 'source_failed', 'conflict'],
    },
    schema: {
      operationId: 'refreshInstallations',
      tags,
      summary: 'Have GitHub list every installation of the App',
      response: { 200: installationListSchema },
    },
    handler: async ({ viewer }) => {
      const installUrl = await demandApp(parts);
      for (const source of await answeringRefusals(refreshInstallations(parts))) deps.readSoon(source);
      return {
        installUrl,
        installations: await viewInstallations(parts, viewer, await readInstallations(parts, null)),
      };
    },
  });
  app.post('/api/v1/github-installations/mine', {
    config: {
      permission: 'sources.manage',
      limit: 'costly',
      errors: ['not_configured', 'source_busy', 'source_failed', 'conflict'],
    },
    schema: {
      operationId: 'findInstallations',
      tags,
      summary: 'Installations that one may claim, by one’s own connections to GitHub',
      description: 'Asks GitHub whether they are owners of the organisations on which the App is installed.',
      response: { 200: installationListSchema },
    },
    handler: async ({ viewer }) => {
      const installUrl = await demandApp(parts);
      return { installUrl, installations: await answeringRefusals(listClaimable(parts, viewer)) };
    },
  });
  app.post('/api/v1/github-installations/:number/claim', {
    config: {
      permission: 'sources.manage',
      limit: 'costly',
      errors: ['not_configured', 'not_found', 'source_busy', 'source_failed', 'conflict'],
    },
    schema: {
      operationId: 'claimInstallation',
      tags,
      summary: 'Give an installation of the App to this workspace, and to no other',
      params: z.object({ number: z.string().regex(/^\d{1,20}$/) }),
      response: { 201: connectionSchema },
    },
    handler: async (request, reply) => {
      const { viewer, params } = request;
      const asked = { number: params.number, actor: auditActor(request) };
      const { connectionId, revived } = await answeringRefusals(claimInstallation(parts, viewer, asked));
      for (const sourceId of revived) deps.readSoon({ workspaceId: viewer.workspaceId, sourceId });
      // What came for it while it was nobody's is handed over.
      deps.hearSoon();
      return reply.code(201).send(await viewConnection(parts, viewer.workspaceId, connectionId, viewer.personId));
    },
  });
}

async function demandApp(parts: GithubParts): Promise<string> {
  const app = await readApp(parts);
  if (app !== null) return installUrlOf(parts, app);
  throw new AppError(
    'not_configured',
    'No GitHub App is set up here. Whoever runs this instance can make one in two clicks.',
  );
}
