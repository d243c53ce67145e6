import { sql } from 'kysely';
import type { Connector } from '@devpulse/contract/connector';
import { connectors } from '@devpulse/connectors/registry.gen';
import type { Fact } from '@devpulse/contract/facts';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import type { GithubCounterpart } from '../../../../../test/github/open-github.ts';
import { commandLineActor } from '../../audit/record-audit.ts';
import { addToken } from '../../connections/add-token.ts';
import type { GithubParts } from '../../connections/github-parts.ts';
import { refreshReach } from '../../connections/refresh-reach.ts';
import { watchRepositories } from '../../connections/watch-repositories.ts';
import { openGovernor } from '../../governor/open-governor.ts';
import { openLog } from '../../log.ts';
import { openTestKeyring } from '../../secrets/testing/test-keyring.ts';
import { showSources } from '../list-sources.ts';
import { readSource, type ReadOutcome } from '../read-source.ts';
import { readStoredFacts } from './read-stored-facts.ts';

/** A repository of the counterpart that a workspace watches, with everything a worker reads it with. */
export interface Watched {
  test: TestStore;
  parts: GithubParts;
  sourceId: string;
  connectionId: string;
  token: string;
  look(): Promise<ReadOutcome>;
  /** Looks until nothing is left of the past, or something stands in the way. */
  readAll(): Promise<ReadOutcome>;
  view(): Promise<SourceView>;
  facts(): Promise<Fact[]>;
  /** Something that a query tells of the source's row. */
  ask<Row>(columns: string): Promise<Row>;
  set(assignment: string): Promise<void>;
  /** Somebody pastes a new token of the same account. */
  reconnect(): Promise<void>;
  close(): Promise<void>;
}

export interface WatchOptions {
  repository: string;
  as: string;
  history?: 'quarter' | 'year' | 'all';
}

export async function watchRepository(github: GithubCounterpart, options: WatchOptions): Promise<Watched> {
  const test = await createTestStore();
  const { store, workspaceId } = test;
  const parts: GithubParts = {
    store,
    keyring: await openTestKeyring(store),
    github: { host: '127.0.0.1', url: github.url, apiUrl: github.apiUrl },
    oauthApp: null,
    governor: openGovernor({ store, log: openLog({ level: 'error', target: { write: () => undefined } }) }),
    log: () => undefined,
    now: () => new Date(),
  };
  const token = github.issueToken({ account: options.as, kind: 'classic', scopes: ['repo', 'read:org'] }).value;
  const granting = { workspaceId, personId: test.ownerId, actor: commandLineActor, connectionId: null };
  const { connectionId } = await addToken(parts, granting, token);
  await refreshReach(parts, workspaceId, connectionId);
  const numbers = [String(github.repository(options.repository).id)];
  const { sourceIds } = await store.inWorkspace(workspaceId, (trx) =>
    watchRepositories(trx, { workspaceId, connectionId, numbers, actor: commandLineActor, branches: 'default' }),
  );
  const [sourceId = ''] = sourceIds;
  const capture = openCapture({ store });
  const inRow = <Row>(query: string): Promise<Row[]> =>
    store.inWorkspace(
      workspaceId,
      async (trx) => (await sql.raw<Row>(query.replaceAll('$id', `'${sourceId}'`)).execute(trx)).rows,
    );
  const watched: Watched = {
    test,
    parts,
    sourceId,
    connectionId,
    token,
    look: () =>
      readSource({
        store,
        capture,
        connectors: new Map<string, Connector>(connectors.map((one) => [one.id, one])),
        log: () => undefined,
        workspaceId,
        sourceId,
        signal: new AbortController().signal,
        now: () => new Date(),
        githubParts: parts,
      }),
    readAll: async () => {
      for (;;) {
        const result = await watched.look();
        if (result.outcome !== 'ok' || result.left === undefined) return result;
      }
    },
    view: async () => (await showSources(store, workspaceId, [sourceId]))[0] as SourceView,
    facts: () => readStoredFacts(store, workspaceId),
    ask: async (columns) => (await inRow(`select ${columns} from sources where id = $id`))[0] as never,
    set: async (assignment) => void (await inRow(`update sources set ${assignment} where id = $id`)),
    reconnect: async () => {
      const { value } = github.issueToken({ account: options.as, kind: 'classic', scopes: ['repo', 'read:org'] });
      await addToken(parts, { ...granting, connectionId }, value);
    },
    close: async () => {
      await capture.close();
      await test.close();
    },
  };
  if (options.history !== undefined)
    await watched.set(`settings = settings || '{"history":"${options.history}"}'::jsonb`);
  return watched;
}
