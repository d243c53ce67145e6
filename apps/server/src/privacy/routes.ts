import { privacySchema } from '@devpulse/contract/wire/data';
import type { App } from '../deps.ts';
import { describePrivacy } from './features.ts';

/** What is collected, for everybody: also for who is thinking about whether to sign in here. */
export function registerPrivacyRoutes(app: App): void {
  app.get('/api/v1/privacy', {
    // The same for everybody, and of nobody.
    config: { permission: 'public' },
    schema: {
      operationId: 'showPrivacy',
      tags: ['Your data'],
      summary: 'What is collected, from where, who sees it and for how long',
      response: { 200: privacySchema },
    },
    handler: async () => describePrivacy(),
  });
}
