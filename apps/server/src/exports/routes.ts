import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { askExportSchema, exportLinkSchema, transferListSchema, transferSchema } from '@devpulse/contract/wire/data';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import type { App, ServerDeps, Viewer } from '../deps.ts';
import { askerOf, dataTags } from './asker.ts';
import { registerAccountDeletion } from './deletion-routes.ts';
import { registerImportRoutes } from './import-routes.ts';
import {
  addTransfer,
  describeTransfer,
  findByLink,
  findTransfer,
  keptHours,
  listTransfers,
  readParts,
  replaceLink,
  type TransferRow,
} from './transfer-row.ts';

const pauseMs = 3_600_000;

/** Taking one's data along, bringing it in elsewhere, and deleting one's account. */
export function registerExportRoutes(app: App, deps: ServerDeps): void {
  registerListing(app, deps);
  registerAsking(app, deps);
  registerFetching(app, deps);
  registerImportRoutes(app, deps);
  registerAccountDeletion(app, deps);
}

function registerListing(app: App, { store, now }: ServerDeps): void {
  app.get('/api/v1/transfers', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'listTransfers',
      tags: dataTags,
      summary: 'One’s exports and imports in this workspace',
      querystring: z.strictObject({}),
      response: { 200: transferListSchema },
    },
    handler: async (request) => {
      const { workspaceId, accountId } = askerOf(request);
      const rows = await store.inWorkspace(workspaceId, (trx) => listTransfers(trx, accountId));
      const next = await nextExportAt(store, accountId, now());
      return { transfers: rows.map((row) => describeTransfer(row, now())), nextExportAt: next?.toISOString() ?? null };
    },
  });
  app.delete('/api/v1/transfers/:id', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'removeTransfer',
      tags: dataTags,
      summary: 'Forget an export or import with its file',
      description: 'What an import has taken in stays.',
      params: z.object({ id: z.uuid() }),
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { workspaceId, accountId } = askerOf(request);
      const result = await store.inWorkspace(workspaceId, (trx) =>
        sql`delete from transfers where workspace_id = ${ownWorkspace} and id = ${request.params.id}::uuid and account_id = ${accountId}::uuid`.execute(
          trx,
        ),
      );
      if (result.numAffectedRows === 0n) throw new AppError('not_found', 'There is no such export or import of yours.');
      return reply.code(204).send(null);
    },
  });
}

function registerAsking(app: App, { store, now, workTransfersSoon }: ServerDeps): void {
  app.post('/api/v1/exports', {
    config: { permission: 'account.manage', limit: 'costly', errors: ['forbidden', 'too_many_requests'] },
    schema: {
      operationId: 'askExport',
      tags: dataTags,
      summary: 'Have an export written',
      description: `One an hour. It is written in the background and kept for ${keptHours} hours.`,
      body: askExportSchema,
      response: { 202: transferSchema },
    },
    handler: async (request, reply) => {
      const asker = askerOf(request);
      const { scope } = request.body;
      if (scope === 'workspace' && request.viewer.role !== 'owner')
        throw new AppError('forbidden', 'Only an owner can export the whole workspace.');
      const next = await nextExportAt(store, asker.accountId, now());
      if (next !== null) {
        void reply.header('retry-after', String(Math.ceil((next.getTime() - now().getTime()) / 1000)));
        throw new AppError('too_many_requests', `One export an hour is made; the next one from ${next.toISOString()}.`);
      }
      const row = await store.inWorkspace(asker.workspaceId, async (trx) => {
        // Two that come at once: the second one sees the first.
        await sql`select pg_advisory_xact_lock(hashtextextended('devpulse export ' || ${asker.accountId}, 0))`.execute(
          trx,
        );
        if ((await nextExportAt(store, asker.accountId, now())) !== null)
          throw new AppError('too_many_requests', 'One export an hour is made, and one was asked for a moment ago.');
        const id = await addTransfer(trx, { ...asker, kind: 'export', scope, state: 'waiting', bytes: 0 });
        await recordAudit(trx, {
          actor: auditActor(request),
          action: 'export.asked',
          target: { kind: 'transfer', id },
          after: { scope },
        });
        return findTransfer(trx, { id, accountId: asker.accountId });
      });
      workTransfersSoon();
      if (row === null) throw new Error('a row that was just written is there');
      return reply.code(202).send(describeTransfer(row, now()));
    },
  });
}

async function nextExportAt(store: ServerDeps['store'], accountId: string, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ last: Date | null }>`select last_export_at(${accountId}::uuid) as last`.execute(
    store.app,
  );
  const last = rows[0]?.last ?? null;
  const next = last === null ? null : new Date(last.getTime() + pauseMs);
  return next !== null && next > now ? next : null;
}

/** The whole workspace is for its owners, also of a file that was asked for by somebody who was one then. */
function mayTake({ scope }: TransferRow, { role }: Viewer): boolean {
  return scope === 'mine' || role === 'owner';
}

function registerFetching(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.post('/api/v1/exports/:id/link', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'linkExport',
      tags: dataTags,
      summary: 'A link to an export that is ready',
      description:
        'It opens in the session of whoever asked, until the export is forgotten. A new link ends the one before.',
      params: z.object({ id: z.uuid() }),
      response: { 201: exportLinkSchema },
    },
    handler: async (request, reply) => {
      const { workspaceId, accountId } = askerOf(request);
      const { id } = request.params;
      const link = await store.inWorkspace(workspaceId, async (trx) => {
        const row = await findTransfer(trx, { id, accountId, lock: true });
        if (row?.kind !== 'export' || row.state !== 'done' || row.expiresAt <= deps.now()) return null;
        if (!mayTake(row, request.viewer)) return null;
        const secret = await replaceLink(trx, id);
        return { url: `/api/v1/exports/${id}/file?key=${secret}`, expiresAt: row.expiresAt.toISOString() };
      });
      if (link === null) throw new AppError('not_found', 'There is no export of yours that is ready under this id.');
      return reply.code(201).send(link);
    },
  });
  app.get('/api/v1/exports/:id/file', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'fetchExport',
      tags: dataTags,
      summary: 'The file of an export, as a ZIP',
      params: z.object({ id: z.uuid() }),
      querystring: z.strictObject({ key: z.string().min(1).max(100) }),
      produces: ['application/zip'],
      response: { 200: z.string().describe('A ZIP; docs/guides/your-data.md says what is in it') },
    },
    handler: async (request, reply) => {
      const { workspaceId, accountId } = askerOf(request);
      const { id } = request.params;
      const row = await store.inWorkspace(workspaceId, async (trx) => {
        const found = await findByLink(trx, { id, accountId, secret: request.query.key });
        if (found === null || !mayTake(found, request.viewer)) return null;
        await recordAudit(trx, {
          actor: auditActor(request),
          action: 'export.fetched',
          target: { kind: 'transfer', id },
        });
        return found;
      });
      if (row === null)
        throw new AppError('not_found', 'This link is not yours, or its day is over. Ask for another one.');
      const name = `devpulse-${row.scope === 'mine' ? 'my-data' : 'workspace'}-${row.createdAt.toISOString().slice(0, 10)}.zip`;
      return reply
        .type('application/zip')
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('content-length', String(row.bytes))
        .send(Readable.from(readParts(store, workspaceId, id)) as unknown as string);
    },
  });
}
