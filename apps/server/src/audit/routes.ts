import { Readable } from 'node:stream';
import { z } from 'zod';
import {
  auditChainSchema,
  auditChoicesSchema,
  auditExportQuerySchema,
  auditPageSchema,
  auditQuerySchema,
  auditRetentionSchema,
} from '@devpulse/contract/wire/audit';
import type { App, ServerDeps } from '../deps.ts';
import { readAllEntries, readAuditChoices, readAuditPage } from './read-entries.ts';
import { auditActor, recordAudit } from './record-audit.ts';
import { setAuditRetention } from './trim-audit.ts';
import { verifyChain } from './verify-chain.ts';
import { writeCsv, writeJsonLines } from './write-export.ts';

const tags = ['Audit'];
const config = { permission: 'audit.read' } as const;

/** Who did what in the workspace, for those who run it; its owners say how long that is kept. */
export function registerAuditRoutes(app: App, { store }: ServerDeps): void {
  app.get('/api/v1/audit', {
    config,
    schema: {
      operationId: 'listAuditEntries',
      tags,
      summary: 'Who did what, when and from where, the newest first',
      querystring: auditQuerySchema,
      response: { 200: auditPageSchema },
    },
    handler: ({ viewer, query: { cursor, limit, ...filter } }) =>
      readAuditPage({ store, workspaceId: viewer.workspaceId, personId: viewer.personId, filter }, { cursor, limit }),
  });

  app.get('/api/v1/audit/choices', {
    config,
    schema: {
      operationId: 'listAuditChoices',
      tags,
      summary: 'The actions and people that the log holds, for filters',
      response: { 200: auditChoicesSchema },
    },
    handler: ({ viewer: { workspaceId, personId } }) => readAuditChoices({ store, workspaceId, personId }),
  });

  app.get('/api/v1/audit/chain', {
    config,
    schema: {
      operationId: 'verifyAuditChain',
      tags,
      summary: 'Compute every hash of the log again',
      description: 'Says whether an entry was changed or taken away since it was written.',
      response: { 200: auditChainSchema },
    },
    handler: ({ viewer }) => verifyChain(store, viewer.workspaceId),
  });

  app.put('/api/v1/audit/retention', {
    config: { permission: 'workspace.own' },
    schema: {
      operationId: 'setAuditRetention',
      tags,
      summary: 'Set for how many days entries are kept',
      description: 'For owners. What is older goes with the next nightly run; the log says who set it.',
      body: auditRetentionSchema,
      response: { 200: auditRetentionSchema },
    },
    handler: async (request) => {
      const { workspaceId } = request.viewer;
      await setAuditRetention(store, workspaceId, { ...request.body, actor: auditActor(request) });
      return request.body;
    },
  });

  registerExport(app, store);
}

function registerExport(app: App, store: ServerDeps['store']): void {
  app.get('/api/v1/audit/export', {
    config,
    schema: {
      operationId: 'exportAuditLog',
      tags,
      summary: 'The log as a file, the newest first',
      description: 'That it was taken is itself an entry.',
      querystring: auditExportQuerySchema,
      response: {
        200: {
          description: 'The file',
          content: {
            'text/csv': { schema: z.string() },
            'application/x-ndjson': { schema: z.string() },
          },
        },
      },
    },
    handler: async (request, reply) => {
      const { format, ...filter } = request.query;
      const { workspaceId, personId } = request.viewer;
      await store.inWorkspace(workspaceId, (trx) =>
        recordAudit(trx, { actor: auditActor(request), action: 'audit.exported', after: { format, ...filter } }),
      );
      const pages = readAllEntries({ store, workspaceId, personId, filter });
      const isCsv = format === 'csv';
      return reply
        .header('content-type', isCsv ? 'text/csv; charset=utf-8' : 'application/x-ndjson')
        .header('content-disposition', `attachment; filename="devpulse-audit.${isCsv ? 'csv' : 'jsonl'}"`)
        .send(Readable.from(isCsv ? writeCsv(pages) : writeJsonLines(pages)) as unknown as string);
    },
  });
}
