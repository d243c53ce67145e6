import { openStore } from '@devpulse/db/open-store';
import type { RegisterRoutes } from '../deps.ts';
import { buildHttp } from '../http.ts';
import { openLog } from '../log.ts';
import { type ApiDocument, readApiDocument } from './api-document.ts';

/** The reference of some areas without running them: routes are only added, nobody is asked anything, no store is needed. */
export async function documentAreas(areas: readonly RegisterRoutes[], version: string): Promise<ApiDocument> {
  const nowhere = { host: 'localhost', port: 1, user: 'nobody', password: '', database: 'none' };
  const store = openStore(
    { owner: nowhere, app: nowhere, capture: nowhere, auth: nowhere, backup: nowhere },
    { log: () => undefined },
  );
  const unused = (): never => {
    throw new Error('a reference is made without serving anybody');
  };
  const app = await buildHttp(
    {
      store,
      keyring: { seal: unused, open: unused, derive: unused, prepare: unused },
      publicUrl: null,
      mailer: null,
      github: null,
      githubHost: { host: 'github.com', url: 'https://github.com', apiUrl: 'https://api.github.com' },
      capture: { add: unused, close: unused },
      connectors: new Map(),
      metrics: new Map(),
      widgets: new Map(),
      log: openLog({ level: 'silent' }),
      telemetry: {
        requestServed: unused,
        eventsCaptured: unused,
        derived: unused,
        rolledUp: unused,
        jobRan: unused,
        delivered: unused,
        expose: unused,
      },
      faults: { record: unused },
      governor: { take: unused, states: unused },
      readiness: [],
      instance: { version, store: 'embedded' },
      nudge: unused,
      workTransfersSoon: unused,
      gitRoots: [],
      demo: { folder: '', makeSoon: () => undefined },
      readSoon: unused,
      hearSoon: unused,
      now: unused,
    },
    areas,
  );
  try {
    await app.ready();
    return readApiDocument(app);
  } finally {
    await app.close();
    await store.close();
  }
}
