import { performance } from 'node:perf_hooks';
import type { AskLane } from '@devpulse/contract/source-client';
import { openClient } from '@devpulse/db/connection';
import { openStore, type Store } from '@devpulse/db/open-store';
import { createTestStore, type TestStore } from '@devpulse/db/testing/test-store';
import type { Governor } from '@devpulse/http-client/governor';
import { type HostClient, openSourceClient } from '@devpulse/http-client/open-client';
import { type Reply, type SourceServer, startSourceServer } from '@devpulse/http-client/testing/source-server';
import { openGovernor } from '../open-governor.ts';

/** What the source answers to one request; the world adds its date, and what is left where that is not said. */
export interface Scripted extends Reply {
  /** How many seconds from now nothing more may be asked; a request before that is a breach. */
  banSeconds?: number;
}

/**
 * A source that counts who asks while it said not to, and processes with connections of their own that share one budget. Its time
 * and the store's can be moved on together.
 */
export interface GovernedWorld extends TestStore {
  server: SourceServer;
  /** Requests that came while the source had asked to be left alone. */
  breaches(): number;
  /** Answered in order, then usual answers. */
  script(replies: readonly Scripted[]): void;
  /** The source forgets its bans, and so does the store. */
  reset(): Promise<void>;
  /** By how many seconds the source's clock is ahead of ours. */
  skew(seconds: number): void;
  /** The source's time in seconds, that many seconds from now: what it would name as a reset. */
  resetIn(seconds: number): string;
  advance(ms: number): Promise<void>;
  /** Processes, each with a store and a governor of its own. */
  processes: readonly { store: Store; governor: Governor }[];
  open(process: number, lane?: AskLane, budget?: string): HostClient;
  query(text: string): Promise<Record<string, unknown>[]>;
}

const quiet = (): undefined => undefined;

export async function openGovernedWorld(count = 2): Promise<GovernedWorld> {
  const test = await createTestStore();
  const server = await startSourceServer();
  const owner = await openClient(test.store.logins.owner, 'the test', quiet);
  let moved = 0;
  let skewMs = 0;
  let breaches = 0;
  const bans = new Map<string, number>();
  let replies: Scripted[] = [];

  const now = (): number => Date.now() + moved;
  const sourceNow = (): number => now() + skewMs;
  let shifts: Promise<unknown> = Promise.resolve();
  const advance = async (ms: number): Promise<void> => {
    moved += ms;
    shifts = shifts.then(() => owner.query(shiftTimes(ms)));
    await shifts;
  };

  server.answer(({ headers: { authorization = '' } }) => {
    const bannedUntil = bans.get(authorization) ?? 0;
    if (sourceNow() < bannedUntil) breaches += 1;
    const { banSeconds = 0, headers = {}, ...reply } = replies.shift() ?? { json: {} };
    bans.set(authorization, Math.max(bannedUntil, sourceNow() + banSeconds * 1000));
    return { ...reply, headers: { date: new Date(Math.floor(sourceNow() / 1000) * 1000).toUTCString(), ...headers } };
  });

  const stores = Array.from({ length: count }, () => openStore(test.store.logins, { log: quiet, poolSize: 4 }));
  const processes = stores.map((store) => ({
    store,
    governor: openGovernor({ store, log: { info: quiet }, clock: () => performance.now() + moved, sleep: advance }),
  }));

  return {
    ...test,
    server,
    breaches: () => breaches,
    script: (next) => void (replies = [...next]),
    reset: async () => {
      replies = [];
      bans.clear();
      server.arrived.length = 0;
      breaches = skewMs = 0;
      await advance(8 * 86_400_000);
      await owner.query('delete from governor_accounts; delete from governor_quotas; delete from governor_turns');
    },
    skew: (seconds) => void (skewMs = seconds * 1000),
    resetIn: (seconds) => String(Math.ceil(sourceNow() / 1000) + seconds),
    advance,
    processes,
    open: (process, lane = 'history', budget = 'source.example|user|1') =>
      openSourceClient({
        host: 'source.example',
        apiUrl: server.url,
        lane,
        workspaceId: test.workspaceId,
        credentials: {
          read: async () => ({ authorization: `Bearer of ${budget}`, budget, version: 1, expiresAt: null }),
          refused: async () => 'give up',
        },
        governor: processes[process]?.governor as Governor,
        now: () => new Date(now()),
        log: { info: quiet },
        sleep: advance,
      }),
    query: async (text) => (await owner.query<Record<string, unknown>>(text)).rows,
    close: async () => {
      await owner.end();
      await Promise.all(stores.map((store) => store.close()));
      await server.close();
      await test.close();
    },
  };
}

/** Time has passed for the store when everything it remembers lies further back. */
function shiftTimes(ms: number): string {
  const back = (names: string[]): string =>
    names.map((name) => `${name} = ${name} - interval '${ms} milliseconds'`).join(', ');
  return `
    update governor_accounts set ${back(['blocked_since', 'blocked_until', 'seen_at'])};
    update governor_quotas set ${back(['resets_at', 'heard_at', 'full_at'])};
    update governor_turns set ${back(['asked_at', 'granted_at', 'expires_at'])}`;
}
