import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import type { TestStore } from '@devpulse/db/testing/test-store';
import type { ServerDeps } from '../../deps.ts';
import { buildHttp, closeHttp } from '../../http.ts';
import { registerPeopleRoutes } from '../../people/routes.ts';
import { type LiveHub, type LiveLimits, liveLimits } from '../live-hub.ts';
import { registerLiveWith } from '../routes.ts';

/** One server that listens on loopback, as another process on the same store would. */
export interface LiveServer {
  url: string;
  hub: LiveHub;
  close(graceMs?: number): Promise<void>;
}

/** Starts it with the parts of another one, but with an authenticator, a hub and connections of its own. */
export async function startLiveServer(
  deps: ServerDeps,
  store: TestStore['store'],
  limits: Partial<LiveLimits> = {},
): Promise<LiveServer> {
  const capture = openCapture({ store });
  let hub: LiveHub | undefined;
  const app = await buildHttp({ ...deps, store, capture }, [
    registerPeopleRoutes,
    (own, ownDeps) => {
      hub = registerLiveWith(own, ownDeps, { ...liveLimits, ...limits });
    },
  ]);
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  if (hub === undefined) throw new Error('areas are registered while the server is built');
  return {
    url: `http://127.0.0.1:${port}`,
    hub,
    close: async (graceMs = 2000) => {
      await closeHttp(app, graceMs);
      await capture.close();
    },
  };
}
