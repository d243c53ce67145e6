import { sql } from 'kysely';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { deviceListSchema, renameSchema } from '@devpulse/contract/wire/devices';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import type { App, ServerDeps } from '../deps.ts';
import { listDevices } from './list-devices.ts';

const tags = ['Sessions and devices'];

/** The devices of an account: which there are, what they are called, and their end. */
export function registerDeviceRoutes(app: App, { store }: ServerDeps): void {
  app.get('/api/v1/me/devices', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'listDevices',
      tags,
      summary: 'Programs that were paired, in whatever workspace',
      response: { 200: deviceListSchema },
    },
    handler: async (request) => ({ devices: await listDevices(store, request.proof.hash) }),
  });
  app.patch('/api/v1/me/devices/:id', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'renameDevice',
      tags,
      summary: 'Call a device something else',
      params: idParamsSchema,
      body: renameSchema,
      response: { 200: deviceListSchema },
    },
    handler: async (request) => {
      const { viewer, proof, params, body } = request;
      await store.inWorkspace(viewer.workspaceId, async (trx) => {
        const { rows } = await sql<{ former: string | null }>`
          select rename_device(${proof.hash}, ${params.id}, ${body.name}) as former`.execute(trx);
        const former = rows[0]?.former ?? null;
        if (former === null) throw noSuchDevice();
        if (former === body.name) return;
        await recordAudit(trx, {
          actor: auditActor(request),
          action: 'device.renamed',
          target: { kind: 'device', id: params.id, name: body.name },
          before: { name: former },
          after: { name: body.name },
        });
      });
      return { devices: await listDevices(store, request.proof.hash) };
    },
  });
  app.delete('/api/v1/me/devices/:id', {
    config: { permission: 'account.manage', errors: ['not_found'] },
    schema: {
      operationId: 'revokeDevice',
      tags,
      summary: 'End a device',
      description: 'Its next request is refused; it must be paired again. One that was stopped leaves the list.',
      params: idParamsSchema,
      response: { 204: z.null() },
    },
    handler: async (request, reply) => {
      const { viewer, proof, params } = request;
      await store.inWorkspace(viewer.workspaceId, async (trx) => {
        const { rows } = await sql<{ name: string }>`
          select name from end_device(${proof.hash}, ${params.id})`.execute(trx);
        const device = rows[0];
        if (device === undefined) throw noSuchDevice();
        await recordAudit(trx, {
          actor: auditActor(request),
          action: 'device.revoked',
          target: { kind: 'device', id: params.id, name: device.name },
        });
      });
      return reply.code(204).send(null);
    },
  });
}

function noSuchDevice(): AppError {
  return new AppError('not_found', 'You have no such device; it may have been revoked by now.');
}
