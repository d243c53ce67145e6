/**
 * What the host lends a connector to ask a web API with. It knows the address, signs the requests, keeps to the source's
 * limits together with every other process, follows its redirects, and tries again what may be tried again. A connector never
 * sees a credential and never waits by itself.
 */
export interface SourceClient {
  /** The host as keys of facts name it, for example `github.com`. */
  host: string;
  /** Asks for one page. Throws `SourceRefused`. */
  get(path: string, options?: AskOptions): Promise<SourceAnswer>;
  /** One page after the other, by the links that the source gives. */
  pages(path: string, options?: AskOptions): AsyncIterable<SourceAnswer>;
  /** A GraphQL question; throws `SourceRefused` for errors in an answer of 200 as well, and never gives half an answer as a whole. */
  graphql(query: string, variables?: Record<string, unknown>): Promise<unknown>;
}

export interface AskOptions {
  query?: Record<string, string | number | undefined>;
  /** Another media type than the usual one. */
  accept?: string;
  /** What the last answer to the same question was known by; an unchanged one costs nothing. */
  unless?: { etag?: string; modifiedSince?: string };
  /** These statuses are answers too, for example 404 where a feature is switched off. */
  allow?: readonly number[];
}

export interface SourceAnswer {
  status: number;
  /** The body as it came; empty for 304. */
  body: Uint8Array;
  /** The body read as JSON; `undefined` where there is none. */
  json: unknown;
  etag: string | null;
  lastModified: string | null;
  isUnchanged: boolean;
  /** The source's own clock. */
  at: Date;
  /** The address of the next page. */
  next: string | null;
}

export type RefusalKind =
  /** The source asked us to wait until `until`. */
  | 'throttled'
  /** The credential counts no more. */
  | 'unauthenticated'
  /** The credential does not reach this: a scope, single sign-on, a role. */
  | 'denied'
  /** There is no such thing, or it is not ours to see: sources do not tell the two apart. */
  | 'missing'
  /** Only part of the answer came. */
  | 'partial'
  /** It broke down, and trying again did not help. */
  | 'failed';

/** Thrown when a source gave no whole answer. Never to be read as "nothing there". */
export class SourceRefused extends Error {
  override name = 'SourceRefused';
  readonly kind: RefusalKind;
  readonly status: number | null;
  /** When it may be asked again, where that is known. */
  readonly until: Date | null;
  /** A page on which a person can mend it, for example to authorise a token for single sign-on. */
  readonly help: string | null;

  constructor(
    kind: RefusalKind,
    message: string,
    details: { status?: number; until?: Date; help?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.status = details.status ?? null;
    this.until = details.until ?? null;
    this.help = details.help ?? null;
  }
}

/** Who waits for an answer: whoever looks at a screen goes before what just happened, and that before history. */
export const askLanes = ['person', 'live', 'history'] as const;
export type AskLane = (typeof askLanes)[number];
