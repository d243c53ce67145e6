import type { FastifyRequest } from 'fastify';
import { auditActor } from '../audit/record-audit.ts';
import type { ActingAs } from './lock-members.ts';

/** Whoever sent the request, for what changes members. */
export function actingAs(request: FastifyRequest): ActingAs & { personId: string } {
  return { personId: request.viewer.personId, actor: auditActor(request) };
}
