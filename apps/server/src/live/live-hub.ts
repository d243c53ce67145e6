import type { ServerResponse } from 'node:http';
import type { LiveChange } from '@devpulse/contract/wire/live';
import type { Store } from '@devpulse/db/open-store';
import { findViewer } from '../accounts/proof.ts';
import type { Proof, Viewer } from '../deps.ts';
import type { Logger } from '../log.ts';
import { readPayload } from './announce-change.ts';
import { ChangeLog } from './change-log.ts';
import { type Listener, listenChanges } from './listen-changes.ts';
import { LiveStream } from './live-stream.ts';
import { everything } from './merge-changes.ts';

/** What a stream may cost and how long it lasts; tests ask for less patience. */
export interface LiveLimits {
  /** The least time between two events of one stream. */
  gapMs: number;
  heartbeatMs: number;
  /** How often it is asked whether those who listen still may. */
  recheckMs: number;
  lifeMs: number;
  perViewer: number;
  /** How long a client waits for the listening connection; without it, it is told of a gap later. */
  readyMs: number;
}

export const liveLimits: LiveLimits = {
  gapMs: 250,
  heartbeatMs: 25_000,
  // Less than the five seconds within which a revoked token must have gone quiet.
  recheckMs: 4_000,
  lifeMs: 30 * 60_000,
  perViewer: 6,
  readyMs: 2_000,
};

interface Listening {
  stream: LiveStream;
  viewer: Viewer;
  proof: Proof;
  ends: NodeJS.Timeout;
}

export interface Opening {
  response: ServerResponse;
  headers: Record<string, string>;
  viewer: Viewer;
  proof: Proof;
  /** The last event the client saw. */
  cursor: string | null;
}

/** Hands what changed to those who listen at this process. */
export class LiveHub {
  readonly #store: Store;
  readonly #log: Logger;
  readonly #limits: LiveLimits;
  readonly #changes = new ChangeLog();
  /** In the order in which they came. */
  readonly #all = new Set<Listening>();
  readonly #timers: NodeJS.Timeout[] = [];
  #listener: Listener | null = null;
  #checking = false;
  #closed = false;

  constructor(options: { store: Store; log: Logger; limits: LiveLimits }) {
    this.#store = options.store;
    this.#log = options.log;
    this.#limits = options.limits;
  }

  /** Bytes that wait for readers, and how many those are; for whoever watches the process. */
  get load(): { streams: number; buffered: number } {
    let buffered = 0;
    for (const { stream } of this.#all) buffered += stream.buffered;
    return { streams: this.#all.size, buffered };
  }

  /** Resolves when this process hears what changes, or when that takes too long to wait for. */
  async whenListening(): Promise<void> {
    this.#listener ??= this.#start();
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#limits.readyMs);
    });
    await Promise.race([this.#listener.ready, patience]);
    clearTimeout(timer);
  }

  /** Nothing is awaited in here: between looking up what was missed and listening, nothing may happen. */
  open({ response, headers, viewer, proof, cursor }: Opening): void {
    const stream = new LiveStream(response, this.#limits.gapMs);
    const listening: Listening = {
      stream,
      viewer,
      proof,
      ends: setTimeout(() => this.#end(listening, 'time'), this.#limits.lifeMs),
    };
    response.on('close', () => this.#forget(listening));
    const missed = cursor === null ? null : this.#changes.since(cursor, viewer.workspaceId);
    // A new place is only named together with what was missed: the connection may break in between.
    stream.begin(headers, missed === null ? this.#changes.cursor : null);
    if (this.#closed) {
      stream.close('shutdown');
      return;
    }
    this.#all.add(listening);
    this.#limitStreamsOf(viewer);
    if (missed !== null) stream.tell(missed, this.#changes.cursor);
  }

  /** Ends every stream and stops listening. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const listening of this.#all) this.#end(listening, 'shutdown');
    await this.#listener?.close();
  }

  #start(): Listener {
    this.#timers.push(
      setInterval(() => this.#beat(), this.#limits.heartbeatMs),
      setInterval(() => void this.#recheck(), this.#limits.recheckMs),
    );
    return listenChanges({
      login: this.#store.logins.app,
      log: this.#log,
      onNotice: (payload) => this.#hear(payload),
      onListening: () => this.#bridgeGap(),
    });
  }

  #hear(payload: string): void {
    const heard = readPayload(payload);
    if (heard === null) this.#log.warn({ bytes: payload.length }, 'a notice on the live channel is not of ours');
    else this.#tell(heard.workspaceId, heard.change);
  }

  #tell(workspaceId: string, change: LiveChange): void {
    this.#changes.add(workspaceId, change);
    const { cursor } = this.#changes;
    for (const { viewer, stream } of this.#all) if (viewer.workspaceId === workspaceId) stream.tell(change, cursor);
  }

  #bridgeGap(): void {
    this.#changes.restart();
    for (const { stream } of this.#all) stream.tell(everything, this.#changes.cursor);
  }

  #beat(): void {
    for (const { stream } of this.#all) stream.beat();
  }

  /** One question for each token or session, however many streams rest on it. */
  async #recheck(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    try {
      const groups = Map.groupBy(this.#all, ({ proof }) => `${proof.kind} ${proof.hash.toString('base64')}`);
      for (const group of groups.values()) await this.#recheckGroup(group);
    } catch (error) {
      // Without the store nobody learns anything either; the next round asks again.
      this.#log.warn({ err: error }, 'those who listen could not be checked');
    } finally {
      this.#checking = false;
    }
  }

  async #recheckGroup(group: readonly Listening[]): Promise<void> {
    const [first] = group;
    if (first === undefined) return;
    const now = await findViewer(this.#store, first.proof);
    for (const listening of group) {
      // A session may have moved to another workspace; this stream still tells of the old one.
      const mayListen = now !== null && now.scopes.includes('read') && now.workspaceId === listening.viewer.workspaceId;
      if (!mayListen) this.#end(listening, 'signed_out');
    }
  }

  #limitStreamsOf(viewer: Viewer): void {
    const own = [...this.#all].filter(
      (other) => other.viewer.workspaceId === viewer.workspaceId && other.viewer.personId === viewer.personId,
    );
    for (const oldest of own.slice(0, -this.#limits.perViewer)) this.#end(oldest, 'elsewhere');
  }

  #end(listening: Listening, reason: Parameters<LiveStream['close']>[0]): void {
    this.#forget(listening);
    listening.stream.close(reason);
  }

  #forget(listening: Listening): void {
    clearTimeout(listening.ends);
    this.#all.delete(listening);
  }
}
