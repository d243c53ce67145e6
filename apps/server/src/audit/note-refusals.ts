import type { FastifyRequest } from 'fastify';
import { type Permission, scopeOf } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import type { Viewer } from '../deps.ts';
import type { Logger } from '../log.ts';
import { auditActor, recordAudit } from './record-audit.ts';

/** Writes down who tried what they may not. */
export interface RefusalNotes {
  note(request: FastifyRequest, viewer: Viewer, permission: Permission): Promise<void>;
}

const onceInMs = 3_600_000;
const rememberedMost = 5_000;

/**
 * Notes a refusal once an hour for each person, means and permission: whoever tries a thousand times fills no log. Reading what
 * every page may ask for is left out; acts, and what no token may do, are not.
 */
export function openRefusalNotes(options: { store: Store; log: Logger; now: () => Date }): RefusalNotes {
  const noted = new Map<string, number>();
  return {
    note: async (request, viewer, permission) => {
      const isReading = request.method === 'GET' || request.method === 'HEAD';
      if (isReading && scopeOf(permission) !== null) return;
      const key = [viewer.workspaceId, viewer.personId, viewer.via, permission].join(' ');
      const now = options.now().getTime();
      if (now - (noted.get(key) ?? -onceInMs) < onceInMs) return;
      if (noted.size >= rememberedMost) noted.clear();
      noted.set(key, now);
      const actor = { ...auditActor(request), personId: viewer.personId, accountId: viewer.accountId, via: viewer.via };
      try {
        await options.store.inWorkspace(viewer.workspaceId, (trx) =>
          recordAudit(trx, {
            actor,
            action: 'access.refused',
            target: { kind: 'permission', id: permission },
            after: { role: viewer.role, route: `${request.method} ${request.routeOptions.url ?? ''}` },
          }),
        );
      } catch (error) {
        // The refusal itself must not depend on the store.
        options.log.warn({ err: error }, 'a refusal was not written down');
      }
    },
  };
}
