import type { FastifyRequest } from 'fastify';
import { AppError } from '@devpulse/contract/errors';

/** Under which these routes stand in the reference. */
export const dataTags = ['Your data'];

/** Whoever signed in: a file with everything about somebody is for nobody else. */
export function askerOf(request: FastifyRequest): {
  workspaceId: string;
  personId: string;
  accountId: string;
  sessionId: string;
} {
  const { workspaceId, personId, accountId, sessionId } = request.viewer;
  if (accountId === null || sessionId === null)
    throw new AppError('forbidden', 'Only a person who signed in with a browser can do this.');
  return { workspaceId, personId, accountId, sessionId };
}
