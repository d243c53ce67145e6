import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import type { GithubCounterpart } from '../../../../../test/github/open-github.ts';
import { commandLineActor } from '../../audit/record-audit.ts';
import { addToken } from '../../connections/add-token.ts';
import { type GithubParts, githubPartsOf } from '../../connections/github-parts.ts';
import { refreshReach } from '../../connections/refresh-reach.ts';
import { watchRepositories } from '../../connections/watch-repositories.ts';
import { openPools } from '../../runtime/open-pools.ts';
import { hearDeliveries } from '../hear-deliveries.ts';
import { makeHook } from '../make-hook.ts';
import { type HookedApp, openHookedApp } from './hooked-app.ts';

/** The API that a GitHub of its own delivers to. */
export interface HookedGithub {
  api: HookedApp;
  github: GithubCounterpart;
  parts: GithubParts;
  /** Where it listens. */
  url: string;
  /** Connects as somebody by a token and watches a repository. */
  watch(repository: string, as: string, scopes?: string[]): Promise<{ sourceId: string; connectionId: string }>;
  /** Makes a hook through GitHub's API, which greets it; it delivers to here. */
  makeHook(sourceId: string, reach?: 'repository' | 'organization'): Promise<{ id: string; remote: number }>;
  hear(): ReturnType<typeof hearDeliveries>;
  drain(): Promise<void>;
  pools: ReturnType<typeof openPools>;
  close(): Promise<void>;
}

/** An address that GitHub could reach, as far as an address tells. */
export const publicOrigin = 'http://devpulse.test';

export async function openHookedGithub(github: GithubCounterpart): Promise<HookedGithub> {
  const api = await openHookedApp(() => ({
    githubHost: { host: '127.0.0.1', url: github.url, apiUrl: github.apiUrl },
  }));
  const { url } = await api.listen();
  const parts = githubPartsOf(api.deps);
  const { store, workspaceId } = api;
  const pools = openPools();
  const signal = new AbortController().signal;
  return {
    api,
    github,
    parts,
    url,
    pools,
    watch: async (repository, as, scopes = ['repo', 'read:org', 'admin:repo_hook', 'admin:org_hook']) => {
      const token = github.issueToken({ account: as, kind: 'classic', scopes }).value;
      const granting = { workspaceId, personId: api.ownerId, actor: commandLineActor, connectionId: null };
      const { connectionId } = await addToken(parts, granting, token);
      await refreshReach(parts, workspaceId, connectionId);
      const numbers = [String(github.repository(repository).id)];
      const { sourceIds } = await store.inWorkspace(workspaceId, (trx) =>
        watchRepositories(trx, { workspaceId, connectionId, numbers, actor: commandLineActor, branches: 'default' }),
      );
      return { sourceId: sourceIds[0] ?? '', connectionId };
    },
    makeHook: async (sourceId, reach = 'repository') => {
      // Nothing is sent before the hook knows where to: the public address leads nowhere here.
      github.office.hold();
      const wish = { workspaceId, sourceId, reach, origin: publicOrigin, actor: commandLineActor };
      const id = await makeHook(parts, wish);
      const hook = [...github.hooks.values()].find((one) => one.url.endsWith(id));
      if (hook === undefined) throw new Error('GitHub has no such hook');
      hook.url = hook.url.replace(publicOrigin, url);
      github.office.release();
      await github.office.settled();
      return { id, remote: hook.id };
    },
    hear: () => hearDeliveries(parts, workspaceId, signal),
    drain: async () => {
      await drainInbox({ store, pools, log: () => undefined, signal }, workspaceId, 'fresh');
      await drainInbox({ store, pools, log: () => undefined, signal }, workspaceId, 'retry');
    },
    close: async () => {
      await github.office.settled();
      await Promise.all([pools.fresh.close(), pools.retry.close()]);
      await api.close();
      await github.close();
    },
  };
}
