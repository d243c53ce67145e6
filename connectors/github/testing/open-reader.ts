import type { PullContext, PullEnd, PullProgress } from '@devpulse/contract/connector';
import type { Fact } from '@devpulse/contract/facts';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { type HostClient, openSourceClient } from '@devpulse/http-client/open-client';
import type { CredentialSource } from '@devpulse/http-client/credentials';
import type { Governor } from '@devpulse/http-client/governor';
import type { GithubCounterpart } from '../../../test/github/open-github.ts';
import { pull } from '../fetch.ts';
import type { GithubSettings } from '../settings.ts';
import { foldFacts } from './fold-facts.ts';
import { factsOfEvent } from './read-facts.ts';

/** A host that keeps what a pull captures, as the real one does: by key, for good. */
export interface Reader {
  events: Map<string, RawEventInput>;
  cursor: unknown;
  settings: GithubSettings;
  progress: PullProgress[];
  names: string[];
  isGone: boolean;
  /** How often it may still capture or save before it dies. */
  breath: number;
  /** One look; answers what it added. */
  look(): Promise<PullEnd & { added: number }>;
  /** Looks until nothing is left. */
  readAll(): Promise<number>;
  facts(): Fact[];
}

export interface ReaderOptions {
  token: () => string;
  settings?: Partial<GithubSettings>;
  fetch?: typeof globalThis.fetch;
}

/** How a process that dies ends: nothing after it is done. */
export class Died extends Error {}

export function openReader(github: GithubCounterpart, repository: string, options: ReaderOptions): Reader {
  const { id } = github.repository(repository);
  const settings = { host: '127.0.0.1', id, fullName: repository, branches: 'default', history: 'all' } as const;
  const reader: Reader = {
    events: new Map(),
    cursor: null,
    settings: { ...settings, ...options.settings },
    progress: [],
    names: [],
    isGone: false,
    breath: Infinity,
    look: async () => {
      const before = reader.events.size;
      const end = await pull(reader.settings, contextOf(reader, github, options));
      return { ...end, added: reader.events.size - before };
    },
    readAll: async () => {
      for (let looks = 1; ; looks += 1) {
        const { left } = await reader.look();
        if (left === 'nothing') return looks;
      }
    },
    facts: () => [...foldFacts([...reader.events.values()].flatMap(factsOfEvent)).values()],
  };
  return reader;
}

function contextOf(reader: Reader, github: GithubCounterpart, options: ReaderOptions): PullContext {
  const breathe = (): void => {
    reader.breath -= 1;
    if (reader.breath < 0) throw new Died('the process is gone');
  };
  return {
    cursor: reader.cursor === null ? null : structuredClone(reader.cursor),
    capture: async (events) => {
      for (const event of events) {
        breathe();
        reader.events.set(event.key, event);
      }
    },
    saveCursor: async (cursor) => {
      breathe();
      reader.cursor = structuredClone(cursor);
    },
    progress: (progress) => void reader.progress.push(progress),
    signal: new AbortController().signal,
    now: () => new Date(github.clock.now()),
    client: openClient(github, options, 'live'),
    history: openClient(github, options, 'history'),
    rename: async (name) => void reader.names.push(name),
    isGone: async () => reader.isGone,
  };
}

const free: Governor = { take: async () => ({ end: async () => undefined }), states: async () => [] };

function openClient(github: GithubCounterpart, options: ReaderOptions, lane: 'live' | 'history'): HostClient {
  const credentials: CredentialSource = {
    read: async () => ({
      authorization: `Bearer ${options.token()}`,
      budget: 'host|user|1',
      version: 1,
      expiresAt: null,
    }),
    refused: async () => 'give up',
  };
  return openSourceClient({
    host: '127.0.0.1',
    apiUrl: github.apiUrl,
    lane,
    credentials,
    governor: free,
    now: () => new Date(github.clock.now()),
    log: { info: () => undefined },
    sleep: async () => undefined,
    ...(options.fetch === undefined ? {} : { fetch: options.fetch }),
  });
}
