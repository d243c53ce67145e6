import { validatorCompiler } from 'fastify-type-provider-zod';
import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { beginImportSchema, importBegunSchema, importLimits, transferSchema } from '@devpulse/contract/wire/data';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import type { App, ServerDeps } from '../deps.ts';
import { askerOf, dataTags } from './asker.ts';
import {
  addTransfer,
  changeTransfer,
  describeTransfer,
  findTransfer,
  type TransferRow,
  writePart,
} from './transfer-row.ts';

const config = { permission: 'workspace.own', errors: ['forbidden', 'not_found', 'conflict'] } as const;
const params = z.object({ id: z.uuid() });

/** Bringing the file of an export in: sent in parts, looked at, and only then taken in. */
export function registerImportRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  app.post('/api/v1/imports', {
    config: { permission: 'workspace.own', errors: ['forbidden'] },
    schema: {
      operationId: 'beginImport',
      tags: dataTags,
      summary: 'Begin to send the file of an export into this workspace',
      description: 'An import that was begun before and never applied is forgotten.',
      body: beginImportSchema,
      response: { 201: importBegunSchema },
    },
    handler: async (request, reply) => {
      const asker = askerOf(request);
      const { bytes } = request.body;
      const id = await store.inWorkspace(asker.workspaceId, async (trx) => {
        await sql`
          delete from transfers where workspace_id = ${ownWorkspace} and kind = 'import' and account_id = ${asker.accountId}::uuid
            and state in ('uploading', 'checked', 'failed')`.execute(trx);
        return addTransfer(trx, { ...asker, kind: 'import', scope: 'workspace', state: 'uploading', bytes });
      });
      return reply.code(201).send({ id, partBytes: importLimits.partBytes });
    },
  });
  registerParts(app, deps);
  registerSteps(app, deps);
}

function registerParts(app: App, { store }: ServerDeps): void {
  // A scope of its own: bytes are taken as bytes here, and nowhere else.
  void app.register(async (scoped: App) => {
    scoped.removeAllContentTypeParsers();
    scoped.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: importLimits.partBytes },
      (_request, body, done) => done(null, body),
    );
    scoped.put('/api/v1/imports/:id/parts/:part', {
      config: { ...config, errors: [...config.errors, 'body_too_large', 'unsupported_media_type'] },
      schema: {
        operationId: 'sendImportPart',
        tags: dataTags,
        summary: 'Send one part of the file',
        description: 'The same part again replaces it, so that a part whose answer was lost can be sent once more.',
        consumes: ['application/octet-stream'],
        params: z.object({ id: z.uuid(), part: z.coerce.number().int().min(0).max(100_000) }),
        body: z.string().meta({ format: 'binary' }),
        response: { 204: z.null() },
      },
      bodyLimit: importLimits.partBytes,
      // The schema above is for the reference: the body is bytes.
      validatorCompiler: (part) =>
        part.httpPart === 'body'
          ? (data) => ({ value: data })
          : validatorCompiler(part as unknown as Parameters<typeof validatorCompiler>[0]),
      handler: async (request, reply) => {
        const { workspaceId, accountId } = askerOf(request);
        const { id, part } = request.params;
        const body = request.body as unknown;
        if (!Buffer.isBuffer(body) || body.length === 0)
          throw new AppError('invalid_request', 'A part is sent as application/octet-stream and is never empty.');
        await store.inWorkspace(workspaceId, async (trx) => {
          const row = await findOwn(trx, { id, accountId }, ['uploading']);
          const parts = Math.ceil(row.bytes / importLimits.partBytes);
          const wanted = part === parts - 1 ? row.bytes - part * importLimits.partBytes : importLimits.partBytes;
          if (part >= parts || body.length !== wanted)
            throw new AppError('invalid_request', `Part ${part} of ${parts} has ${wanted} bytes, not ${body.length}.`);
          await writePart(trx, { workspaceId, transferId: id, part }, body);
        });
        return reply.code(204).send(null);
      },
    });
  });
}

function registerSteps(app: App, { store, now, workTransfersSoon }: ServerDeps): void {
  const step = (
    name: 'check' | 'apply',
    words: { operationId: string; summary: string; description: string },
    from: TransferRow['state'],
  ): void => {
    app.post(`/api/v1/imports/:id/${name}`, {
      config,
      schema: { ...words, tags: dataTags, params, response: { 202: transferSchema } },
      handler: async (request, reply) => {
        const { workspaceId, accountId } = askerOf(request);
        const { id } = request.params;
        const row = await store.inWorkspace(workspaceId, async (trx) => {
          const own = await findOwn(trx, { id, accountId }, [from]);
          if (name === 'check') await demandAllParts(trx, own);
          await changeTransfer(trx, id, sql`state = 'waiting', apply = ${name === 'apply'}, error = null`);
          return findTransfer(trx, { id, accountId });
        });
        workTransfersSoon();
        if (row === null) throw new Error('a row that was just changed is there');
        return reply.code(202).send(describeTransfer(row, now()));
      },
    });
  };
  step(
    'check',
    {
      operationId: 'checkImport',
      summary: 'Have the file that was sent looked at',
      description: 'Changes nothing. What taking it in would do stands in the import afterwards.',
    },
    'uploading',
  );
  step(
    'apply',
    {
      operationId: 'applyImport',
      summary: 'Take in a file that was looked at',
      description:
        'Events go through the inbox, decisions are made as if they were made here. Doing it again changes nothing.',
    },
    'checked',
  );
}

async function findOwn(
  trx: WorkspaceTransaction,
  wish: { id: string; accountId: string },
  states: readonly TransferRow['state'][],
): Promise<TransferRow> {
  const row = await findTransfer(trx, { ...wish, lock: true });
  if (row?.kind !== 'import') throw new AppError('not_found', 'There is no such import of yours.');
  if (!states.includes(row.state))
    throw new AppError('conflict', `This import is ${row.state}; for this it would have to be ${states.join(' or ')}.`);
  return row;
}

async function demandAllParts(trx: WorkspaceTransaction, row: TransferRow): Promise<void> {
  const { rows } = await sql<{ bytes: number; parts: number }>`
    select coalesce(sum(length(body)), 0)::double precision as bytes, count(*)::integer as parts
    from transfer_parts where workspace_id = ${ownWorkspace} and transfer_id = ${row.id}::uuid`.execute(trx);
  const { bytes = 0, parts = 0 } = rows[0] ?? {};
  if (bytes !== row.bytes)
    throw new AppError(
      'conflict',
      `Of ${row.bytes} bytes ${bytes} have arrived, in ${parts} parts; send the others first.`,
    );
}
