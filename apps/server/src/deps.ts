import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Connector } from '@devpulse/contract/connector';
import type { ErrorCode } from '@devpulse/contract/errors';
import type { LoadedMetric } from '@devpulse/contract/metric';
import type { Permission, Role, Scope } from '@devpulse/contract/permissions';
import type { Store } from '@devpulse/db/open-store';
import type { Governor } from '@devpulse/http-client/governor';
import type { Capture } from '@devpulse/pipeline/capture/open-capture';
import type { LoadedWidget } from '@devpulse/pipeline/serve/ask';
import type { GithubApp } from './accounts/better-auth/github-app.ts';
import type { GithubHost } from './connections/github-host.ts';
import type { FaultRecorder } from './faults/fault-recorder.ts';
import type { Logger } from './log.ts';
import type { Mailer } from './mail/mailer.ts';
import type { LimitClass } from './protect/limit-classes.ts';
import type { Protection } from './protect/protection.ts';
import type { Keyring } from './secrets/keyring.ts';

/** The HTTP server as every area's routes see it. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** An area adds its routes. */
export type RegisterRoutes = (app: App, deps: ServerDeps) => void;

/** Who asks: read from the token or the session, never from the request. */
export interface Viewer {
  workspaceId: string;
  personId: string;
  /** What they are in this workspace at this moment. */
  role: Role;
  via: 'token' | 'session' | 'device';
  /** One of the three is set: an API token, the cookie of a browser, or an access token of a paired device. */
  tokenId: string | null;
  sessionId: string | null;
  deviceId: string | null;
  /** Who signed in, or paired the device; null for an API token. */
  accountId: string | null;
  /** A session and a device have all of them. */
  scopes: readonly Scope[];
}

/** What a request, a stream or a ticket rests on: as long as this counts, they do. */
export interface Proof {
  kind: Viewer['via'];
  /** The hash of a token or a cookie; for a device, who it is and in which version. */
  hash: Buffer;
}

/** What routes need; composed once in `main.ts`. */
export interface ServerDeps {
  store: Store;
  /** Seals what must not be readable in the store. */
  keyring: Keyring;
  capture: Capture;
  connectors: ReadonlyMap<string, Connector>;
  metrics: ReadonlyMap<string, LoadedMetric>;
  widgets: ReadonlyMap<string, LoadedWidget>;
  log: Logger;
  telemetry: Telemetry;
  /** Keeps what goes wrong unexpectedly, for the operator. */
  faults: Pick<FaultRecorder, 'record'>;
  /** What has to answer before this process may be sent requests. */
  readiness: readonly ReadinessCheck[];
  instance: Instance;
  /** Where the built screens lie, if not in their usual place. */
  webFolder?: string;
  /** Where people open this instance, as it was configured; null: wherever a request came to, see `ownOrigin`. */
  publicUrl: string | null;
  /** Hands mail on; null where none was configured, and the screens say what to do instead. */
  mailer: Mailer | null;
  /** The GitHub that people sign in with; null where none was configured. */
  github: GithubApp | null;
  /** Where GitHub is, whether or not people sign in with it. */
  githubHost: GithubHost;
  /** Keeps whoever asks a source within its limits, all processes together. */
  governor: Governor;
  /** Limits, proxies to believe, TLS; when left out: the usual limits in the store, nobody is believed, plain HTTP. */
  protection?: Protection;
  /** Folders below which whoever asks over HTTP may have repositories read, as they were configured. */
  gitRoots: readonly string[];
  /** Tells the workers that there is something to do. */
  nudge(): void;
  /** Has exports written and imports taken in as soon as a worker is free. */
  workTransfersSoon(): void;
  /** Has one source read as soon as a worker is free. */
  readSoon(source: { workspaceId: string; sourceId: string }): void;
  /** Has deliveries of webhooks followed as soon as a worker is free. */
  hearSoon(): void;
  /** Where the demo's repositories lie, and how to have an ordered demo made. */
  demo: { folder: string; makeSoon(): void };
  now(): Date;
}

/** What the first page says of the running program. */
export interface Instance {
  version: string;
  store: 'embedded' | 'external';
}

/** One part that requests depend on. Throws when it is not ready; the log gets the reason, the answer only the part. */
export interface ReadinessCheck {
  part: string;
  check(): Promise<void>;
}

/** Counts what happens, for the operator. Labels carry no data of a workspace. */
export interface Telemetry {
  requestServed(served: { method: string; route: string; status: number; seconds: number }): void;
  eventsCaptured(source: string, outcome: string, count: number): void;
  derived(batch: { outcome: 'done' | 'ignored' | 'dead' | 'retried'; events: number; seconds: number }): void;
  /** From the acknowledgement of a webhook's delivery to the facts it told. */
  delivered(seconds: number): void;
  rolledUp(batch: { cells: number; seconds: number }): void;
  jobRan(run: { name: string; outcome: 'done' | 'failed'; seconds: number }): void;
  /** Everything as Prometheus text. */
  expose(): Promise<{ contentType: string; text: string }>;
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Answers a visitor at an address of nobody, where there are screens. */
    pageForNobody?: (request: FastifyRequest, reply: FastifyReply) => FastifyReply;
  }
  interface FastifyContextConfig {
    /** What whoever asks must be allowed to; `public` asks for nothing. Every route says one. */
    permission?: Permission | 'public';
    /** Another way in, tried before token and session; null where it was not taken. */
    admit?: (request: FastifyRequest) => Promise<{ viewer: Viewer; proof: Proof } | null>;
    /** What it costs; when left out, by method and permission. `none` only for what is served from memory. */
    limit?: LimitClass | 'none';
    /** Is about the instance itself, not about one workspace: only for those who look after it. */
    instance?: true;
    /** Errors of the catalogue it answers beyond those that every route of its kind can. */
    errors?: readonly ErrorCode[];
  }
  interface FastifyRequest {
    /** Set on every route that is not public, as is what proved it. */
    viewer: Viewer;
    proof: Proof;
  }
}
