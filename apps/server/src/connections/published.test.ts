import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ensureGithubSchemas } from '../../../../test/github-schemas/ensure-github-schemas.ts';
import {
  readAnswerExample,
  readEventActions,
  readPermissionNames,
  readWebhookExamples,
} from '../../../../test/github-schemas/published.ts';
import { convertedShape } from './convert-manifest.ts';
import { hearHook } from './hear-hook.ts';
import { readInstallations } from './installations.ts';
import { makeManifest } from './make-manifest.ts';
import { installationShape } from './note-installation.ts';
import { type ConnectedApp, openConnectedApp } from './testing/github-app.ts';

let app: ConnectedApp;
beforeAll(async () => {
  await ensureGithubSchemas();
  app = await openConnectedApp();
});
afterAll(() => app.close());
beforeEach(() => app.reset());

const examplesOf = (event: string) => readWebhookExamples().find(({ name }) => name === event)?.examples ?? [];

describe('what GitHub publishes', () => {
  it('knows every permission and every event that the App is to have', () => {
    const at = { github: { host: 'github.com', url: 'https://github.com', apiUrl: 'https://api.github.com' } };
    const wish = { name: 'Pulse', isPublic: false, returnPath: '/back', origin: 'https://pulse.example.org' };
    const manifest = makeManifest(at, wish) as { default_permissions: object; default_events: string[] };
    expect(Object.keys(manifest.default_permissions).length).toBeGreaterThan(8);
    const permissions = readPermissionNames();
    expect(Object.keys(manifest.default_permissions).filter((name) => !permissions.includes(name))).toEqual([]);
    const events = readEventActions();
    expect(manifest.default_events.length).toBeGreaterThan(20);
    expect(manifest.default_events.filter((name) => !events.has(name))).toEqual([]);
  });

  it('is read as it is answered', () => {
    expect(installationShape.parse(readAnswerExample('installation'))).toMatchObject({
      account: { login: expect.any(String) as string },
    });
    expect(convertedShape.parse(readAnswerExample('integration-from-manifest'))).toMatchObject({
      pem: expect.stringContaining('PRIVATE KEY') as string,
    });
  });

  it.each(['installation', 'installation_repositories', 'repository'])(
    'is heard in every example of %s, and none of them is a fault',
    async (event) => {
      const examples = examplesOf(event);
      expect(examples.length).toBeGreaterThan(0);
      // Of installations nobody has claimed these; what repositories are about is somebody's.
      const workspaces = event === 'installation' ? [] : [app.api.workspaceId];
      for (const payload of examples) await hearHook(app.parts, { event, payload }, workspaces);
      const known = await readInstallations(app.parts, null);
      expect(known.length > 0).toBe(event === 'installation');
    },
  );
});
