import { AppError } from '@devpulse/contract/errors';
import {
  deadLetterQuerySchema,
  rawEventIdSchema,
  rawEventPageSchema,
  replayAnswerSchema,
  replayRequestSchema,
} from '@devpulse/contract/wire/events';
import { listRawEvents, readRawEvent, replayRawEvents } from '@devpulse/pipeline/capture/read-events';
import type { App, ServerDeps } from '../deps.ts';
import { presentRawEvent } from './present-raw-event.ts';

/** Raw events that could not be read, and trying them again once the cause is gone. */
export function registerDeadLetterRoutes(app: App, deps: ServerDeps): void {
  const { store } = deps;
  const tags = ['Machinery'];
  const config = { permission: 'machinery.operate' } as const;

  app.get('/api/v1/dead-letters', {
    config,
    schema: {
      operationId: 'listDeadLetters',
      tags,
      summary: 'Raw events that could not be read, newest first',
      querystring: deadLetterQuerySchema,
      response: { 200: rawEventPageSchema },
    },
    handler: async (request) => {
      const { cursor, limit, ...chosen } = request.query;
      const filter = { ...chosen, state: 'dead' as const };
      const page = await listRawEvents({ store, workspaceId: request.viewer.workspaceId, filter, cursor, limit });
      return { events: page.events.map(presentRawEvent), nextCursor: page.nextCursor };
    },
  });

  app.post('/api/v1/dead-letters/:id/replay', {
    config: { ...config, errors: ['not_found', 'conflict'] },
    schema: {
      operationId: 'replayDeadLetter',
      tags,
      summary: 'Try one of them again',
      params: rawEventIdSchema,
      response: { 200: replayAnswerSchema },
    },
    handler: async (request) => {
      const { workspaceId } = request.viewer;
      const { id } = request.params;
      const event = await readRawEvent({ store, workspaceId, id });
      if (event === null) throw new AppError('not_found', 'There is no raw event with this id.');
      if (event.state !== 'dead') throw new AppError('conflict', `This event is ${event.state}, not dead.`);
      if (event.body === null)
        throw new AppError('conflict', 'The body of this event was removed when its retention ended.');
      const answer = await replayRawEvents({ store, workspaceId, ids: [id] });
      deps.nudge();
      return answer;
    },
  });

  app.post('/api/v1/dead-letters/replay', {
    config,
    schema: {
      operationId: 'replayDeadLetters',
      tags,
      summary: 'Try many of them again',
      description:
        'All of a source, of a reason, or of both; harmless for what was read before. Those without a body stay.',
      body: replayRequestSchema,
      response: { 200: replayAnswerSchema },
    },
    handler: async (request) => {
      const { source, reason } = request.body;
      const filter = { state: 'dead' as const, source, reason };
      const answer = await replayRawEvents({ store, workspaceId: request.viewer.workspaceId, filter });
      if (answer.replayed > 0) deps.nudge();
      return answer;
    },
  });
}
