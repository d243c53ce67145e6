import { scopeOf } from '@devpulse/contract/permissions';
import type { App, ServerDeps } from '../deps.ts';
import { publishChange } from './announce-change.ts';

/**
 * Who is who, and the settings by which days are cut, are changed by many routes and by nothing else over HTTP: one look at
 * every answer cannot forget any of them. Their transactions mark the days; counting those again is asked for here, too.
 */
export function announcePeople(app: App, deps: ServerDeps): void {
  app.addHook('onResponse', async (request, reply) => {
    const { permission = 'public' } = request.routeOptions.config;
    if (
      permission === 'public' ||
      scopeOf(permission) !== 'people' ||
      request.method === 'GET' ||
      request.method === 'HEAD' ||
      reply.statusCode >= 300
    )
      return;
    deps.nudge();
    // Not only those whose days are counted again: a day off changes streaks without any of them.
    await publishChange(deps.store, request.viewer.workspaceId, { metrics: ['*'], people: true });
  });
}
