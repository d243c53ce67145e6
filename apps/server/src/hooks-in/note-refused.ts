import type { FastifyRequest } from 'fastify';
import { auditActor, recordAudit } from '../audit/record-audit.ts';
import type { ServerDeps } from '../deps.ts';
import type { KnownHook } from './hook-secrets.ts';

const onceInMs = 60_000;
const rememberedMost = 5_000;

/** Writes down that deliveries were refused, once a minute for each hook: whoever tries a thousand times fills no log. */
export function openRefusedNotes(
  deps: Pick<ServerDeps, 'store' | 'log' | 'telemetry'>,
): (request: FastifyRequest, hook: string, known: KnownHook | null) => Promise<void> {
  const noted = new Map<string, number>();
  return async (request, hook, known) => {
    deps.telemetry.eventsCaptured('github', 'refused', 1);
    // Ids of hooks that there are none of are anybody's: they share one note.
    const name = known === null ? 'none' : hook;
    const now = performance.now();
    if (now - (noted.get(name) ?? -Infinity) < onceInMs) return;
    if (noted.size >= rememberedMost) noted.clear();
    noted.set(name, now);
    request.log.warn({ hook: name }, 'a delivery without a signature that counts was refused');
    const workspaceId = known?.workspaceId ?? null;
    if (workspaceId === null) return;
    try {
      await deps.store.inWorkspace(workspaceId, (trx) =>
        recordAudit(trx, {
          actor: auditActor(request),
          action: 'hook.refused_delivery',
          target: { kind: 'hook', id: hook },
        }),
      );
    } catch (error) {
      // The refusal itself must not depend on the store.
      deps.log.warn({ err: error }, 'a refused delivery was not written down');
    }
  };
}
