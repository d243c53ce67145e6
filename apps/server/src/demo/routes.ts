import { z } from 'zod';
import { demoSchema } from '@devpulse/contract/wire/demo';
import type { App, ServerDeps } from '../deps.ts';
import { demandFlag } from '../flags/read-flags.ts';
import { readDemoState } from './demo-state.ts';
import { describeDemo } from './describe-demo.ts';
import { enterDemo } from './enter-demo.ts';
import { orderDemo } from './order-demo.ts';
import { removeDemo } from './remove-demo.ts';

/** Made-up data to look around in: asking for it, watching it grow, removing it. */
export function registerDemoRoutes(app: App, deps: ServerDeps): void {
  const { store, demo, now } = deps;
  const tags = ['Demo'];
  const config = { permission: 'sources.manage' } as const;
  const querystring = z.strictObject({});

  app.get('/api/v1/demo', {
    // Every page asks, whoever looks at it.
    config: { permission: 'sources.read' },
    schema: {
      operationId: 'showDemo',
      tags,
      summary: 'Whether there is a demo, and how far it is',
      querystring,
      response: { 200: demoSchema },
    },
    handler: async () => describeDemo(await readDemoState(store)),
  });

  app.post('/api/v1/demo', {
    config: { ...config, limit: 'costly', errors: ['conflict'] },
    schema: {
      operationId: 'makeDemo',
      tags,
      summary: 'Have the demo made',
      description:
        'A made-up year of a team of twelve, in a workspace of its own of kind `demo`. It is made in the background; ' +
        'asked for twice it is made once, and one that failed goes on where it stopped.',
      querystring,
      response: { 202: demoSchema },
    },
    handler: async (request, reply) => {
      const { accountId } = request.viewer;
      await demandFlag(store, 'demo');
      const state = await orderDemo(store, { accountId, now: now() });
      demo.makeSoon();
      if (accountId !== null && state.plan !== null) await enterDemo(store, state.plan.workspaceId, accountId);
      return reply.code(202).send(describeDemo(state));
    },
  });

  app.delete('/api/v1/demo', {
    config: { ...config, instance: true },
    schema: {
      operationId: 'removeDemo',
      tags,
      summary: 'Remove the demo with everything in it',
      description: 'Also while it is being made. Without a demo this changes nothing.',
      querystring,
      response: { 200: demoSchema },
    },
    handler: async () => describeDemo(await removeDemo({ store, folder: demo.folder })),
  });
}
