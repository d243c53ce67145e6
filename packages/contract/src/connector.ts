import type { z } from 'zod';
import type { IgnoreReason } from './drop-reasons.ts';
import type { Fact, IdentityRef } from './facts.ts';
import type { RawEvent, RawEventInput } from './raw-event.ts';
import type { SourceClient } from './source-client.ts';

/** What `parse` makes of one raw event: facts, or the reason why there are none. */
export type ParseResult = { facts: Fact[] } | { ignored: IgnoreReason };

/** One kind of raw event a connector knows, for the reference and for people who push events themselves. */
export interface EventKind {
  kind: string;
  title: string;
  /** What its key is made of. */
  key: string;
  /** What its body holds. */
  body: string;
}

/** Progress of a long pull, told as a count of a count. */
export interface PullProgress {
  /** What is being read now, for example a repository's name. */
  what: string;
  done: number;
  /** `null` while the size is not known yet. */
  total: number | null;
  /** The same for each kind of thing that is read. */
  kinds?: { kind: string; done: number; total: number | null }[];
  /** When this reading began, however often it was broken off since: how fast it goes follows. */
  since?: string;
}

/** How a look ended. Without one everything was read. */
export interface PullEnd {
  /**
   * What is left for the next look: `facts` leave numbers partial until they are read, `details` only leave out what single
   * numbers need.
   */
  left: 'nothing' | 'facts' | 'details';
  /** The source is not asked for the rest before that. */
  until?: Date | null;
}

/** What reading the past will take, before it begins. */
export interface PullPlan {
  kinds: {
    kind: string;
    /** `null`: the source does not say. */
    items: number | null;
    /** What it takes from the budget, requests or points of questions. */
    cost: number;
    resource: string;
    /** At most that many: the source tells only how many there are altogether. */
    isUpTo: boolean;
  }[];
}

/** What the host lends to a pull. */
export interface PullContext {
  /** The cursor saved last, or `null` on the first run. */
  cursor: unknown;
  /** Stores events durably; resolves when they are on disk. Batches of up to 500 are best. */
  capture(events: RawEventInput[]): Promise<void>;
  /** Saves how far we are. Call it only after the events it covers were captured. */
  saveCursor(cursor: unknown): Promise<void>;
  progress(progress: PullProgress): void;
  signal: AbortSignal;
  /** The only clock a connector may use. */
  now(): Date;
  /** How to ask the source's API; there for sources that belong to a connection. */
  client?: SourceClient;
  /** The same for what may wait for whoever is in more of a hurry. */
  history?: SourceClient;
  /** It has another name at the source now. */
  rename?(name: string): Promise<void>;
  /** Whether the source's own listing, read with a credential that counts, no longer has it. */
  isGone?(): Promise<boolean>;
}

/** Something that a connector can read, found at a place a person named. */
export interface Discovered<Settings> {
  /** What makes it the same source when it is found again. */
  naturalKey: string;
  name: string;
  settings: Settings;
}

/** How far a search may go. */
export interface DiscoverLimits {
  /** Real paths: nothing that lies outside all of these is looked at, found or told of. Left out: everything may be. */
  within?: readonly string[];
  signal?: AbortSignal;
}

/** A source of raw events: one folder in `connectors/`. */
export interface Connector<Settings = unknown> {
  id: string;
  title: string;
  /** One or two sentences: what it reads, writes and never does. */
  summary: string;
  /** The settings of one configured source, as a schema from which forms are drawn. */
  settings: z.ZodType<Settings>;
  kinds: EventKind[];
  /** Finds what can be read at a place such as a folder; throws `SourceUnreadable` when there is nothing. Changes nothing. */
  discover?(place: string, limits?: DiscoverLimits): Promise<Discovered<Settings>[]>;
  /** Whom the source itself believes to be at the keyboard, as a suggestion; null when it knows nobody. */
  suggestSelf?(settings: Settings): Promise<Pick<IdentityRef, 'email' | 'name'> | null>;
  /** Reads from the outside world into raw events, resumable by its cursor. */
  pull?(settings: Settings, context: PullContext): Promise<void | PullEnd>;
  /** How much there is to be read of the past; asks two or three questions. */
  plan?(settings: Settings, client: SourceClient, now: Date): Promise<PullPlan>;
  /** Raw event to facts: pure, no I/O, no clock. Throws `MalformedEvent` for a body it cannot accept. */
  parse(event: RawEvent): ParseResult;
}

/** Declares a connector; the only thing this does is to check the types. */
export function defineConnector<Settings>(connector: Connector<Settings>): Connector<Settings> {
  return connector;
}

/** Thrown by `pull` when the source cannot be read: says what is wrong and what to do, and whether trying again helps. */
export class SourceUnreadable extends Error {
  override name = 'SourceUnreadable';
  readonly code: 'not_found' | 'not_a_source' | 'denied' | 'tool_missing' | 'vanished' | 'gone' | 'failed';
  readonly retry: boolean;

  constructor(code: SourceUnreadable['code'], message: string, options: { retry: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.code = code;
    this.retry = options.retry;
  }
}
