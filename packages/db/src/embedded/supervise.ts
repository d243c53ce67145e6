import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../connection.ts';
import type { LockAttempt, OwnerLock } from './owner-lock.ts';
import type { ServerProcess } from './spawn-server.ts';

export type StoreEvent = 'lost' | 'restarted' | 'lock-lost';

/** How a start went. */
export type StartOutcome = { state: 'running' | 'held' | 'refused' } | { state: 'exited'; how: string };

interface SupervisedParts {
  spawn(): ServerProcess;
  attemptLock(): Promise<LockAttempt>;
  /** Removes what blocks a new start; false when a PostgreSQL that is not ours serves the folder. */
  clearWay(): Promise<boolean>;
  emit(event: StoreEvent): void;
  log: Log;
}

/** Longest pause between two starts: the pool must heal within 5 s, even after many crashes in a row. */
const PAUSE_MS_MAX = 2_000;
/** After this long without a crash the next restart is immediate again. */
const CALM_MS = 5_000;
/** A session that was cut gives its lock back a little after its socket closed; a rival keeps it longer. */
const HELD_TRIES_MAX = 10;
const NOTICE_EVERY_MS = 10_000;
/** A stop as a whole stays within 5 s; what `now` and `kill` leave undone, the recovery of the next start does. */
const STOP_STEPS = [
  ['fast', 3_500],
  ['now', 1_000],
  ['kill', 2_000],
] as const;

/** Keeps one PostgreSQL running and the owner's lock taken, until it is stopped or somebody else has the folder. */
export class Supervisor {
  readonly #parts: SupervisedParts;
  #phase: 'idle' | 'running' | 'restoring' | 'stopping' | 'stood-down' = 'idle';
  #server: ServerProcess | null = null;
  #howItEnded = '';
  #lock: OwnerLock | null = null;
  #restarts = 0;
  #runningSince = 0;
  #restoring: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | null = null;
  readonly #wake = new AbortController();

  constructor(parts: SupervisedParts) {
    this.#parts = parts;
  }

  /** Starts PostgreSQL and takes the lock; after any outcome but `running` it may be called again. */
  async start(): Promise<StartOutcome> {
    this.#launch();
    const outcome = await this.#takeLock(() => undefined);
    if (outcome === 'running') this.#settle();
    return outcome === 'exited' ? { state: 'exited', how: this.#howItEnded } : { state: outcome };
  }

  /** Ends PostgreSQL without ending the supervision, for work that needs it stopped before another start. */
  async pause(): Promise<void> {
    this.#phase = 'idle';
    await this.#endServer();
  }

  /** Ends PostgreSQL cleanly, by force if it takes too long. After `lock-lost` it leaves PostgreSQL to its new owner. */
  stop(): Promise<void> {
    return (this.#stopped ??= this.#stop());
  }

  async #stop(): Promise<void> {
    const isOurs = this.#phase !== 'stood-down';
    this.#phase = 'stopping';
    this.#wake.abort();
    await this.#restoring;
    if (isOurs) await this.#endServer();
    await this.#lock?.release().catch(() => undefined);
    process.off('exit', this.#endWithProcess);
  }

  #launch(): void {
    const server = this.#parts.spawn();
    this.#server = server;
    process.off('exit', this.#endWithProcess);
    process.on('exit', this.#endWithProcess);
    void this.#watch(server);
  }

  async #watch(server: ServerProcess): Promise<void> {
    const how = await server.exited;
    if (this.#server !== server) return;
    this.#server = null;
    this.#howItEnded = how;
    this.#restoreIfRunning(`PostgreSQL is gone: ${how}`);
  }

  /** A process that ends without `stop` (an uncaught error, process.exit) takes PostgreSQL along. */
  readonly #endWithProcess = (): void => {
    if (this.#phase !== 'stood-down') this.#server?.end('fast');
  };

  #restoreIfRunning(why: string): void {
    if (this.#phase !== 'running') return;
    this.#phase = 'restoring';
    this.#parts.log('warn', why);
    this.#restoring = this.#restore();
  }

  async #restore(): Promise<void> {
    let isTold = false;
    const tellLost = () => {
      if (!isTold) this.#parts.emit('lost');
      isTold = true;
    };
    if (Date.now() - this.#runningSince > CALM_MS) this.#restarts = 0;
    while (this.#isRestoring()) {
      if (!this.#server) {
        tellLost();
        await this.#relaunch();
        continue;
      }
      const outcome = await this.#takeLock(tellLost);
      if (!this.#isRestoring()) return;
      if (outcome === 'running') {
        this.#settle();
        if (isTold) this.#parts.emit('restarted');
        return;
      }
      if (outcome === 'held') return this.#standDown('Somebody else has taken the data folder');
      if (outcome === 'refused') return this.#standDown('Somebody else has changed the password of the store');
      this.#parts.log('warn', `PostgreSQL did not come back: ${this.#howItEnded}`);
    }
  }

  #isRestoring(): boolean {
    return this.#phase === 'restoring';
  }

  /** Starts PostgreSQL again, the first time at once and then after a growing pause. */
  async #relaunch(): Promise<void> {
    if (this.#restarts > 0) {
      const pauseMs = Math.min(PAUSE_MS_MAX, 125 * 2 ** this.#restarts);
      await sleep(pauseMs, null, { signal: this.#wake.signal }).catch(() => null);
    }
    if (!this.#isRestoring()) return;
    this.#restarts += 1;
    try {
      const isClear = await this.#parts.clearWay();
      if (!this.#isRestoring()) return;
      if (isClear) this.#launch();
      else this.#standDown('Another PostgreSQL serves the data folder');
    } catch (error) {
      // A full disk or no free file handle passes; giving up would turn a short trouble into an outage.
      this.#parts.log('error', 'PostgreSQL cannot be started again yet', { error: String(error) });
    }
  }

  async #takeLock(tellLost: () => void): Promise<'running' | 'held' | 'refused' | 'exited'> {
    let noticeAt = Date.now() + NOTICE_EVERY_MS;
    let timesHeld = 0;
    for (let pauseMs = 10; ; pauseMs = Math.min(100, pauseMs * 1.5)) {
      if (!this.#server || this.#phase === 'stopping') return 'exited';
      const attempt = await this.#parts.attemptLock();
      if (attempt.state === 'taken') {
        this.#adopt(attempt.lock);
        return 'running';
      }
      if (attempt.state === 'refused') return 'refused';
      if (attempt.state === 'held' && ++timesHeld >= HELD_TRIES_MAX) return 'held';
      if (attempt.state === 'not-ready') {
        tellLost();
        // Recovery after a crash takes as long as it takes; killing it would only make it begin again.
        if (Date.now() > noticeAt) {
          this.#parts.log('info', 'Still waiting for PostgreSQL', { reason: attempt.reason });
          noticeAt = Date.now() + NOTICE_EVERY_MS;
        }
      }
      await sleep(attempt.state === 'held' ? 50 : pauseMs);
    }
  }

  #adopt(lock: OwnerLock): void {
    this.#lock = lock;
    lock.onEnd(() => {
      if (this.#lock !== lock) return;
      this.#lock = null;
      this.#restoreIfRunning('The session that holds the lock of the data folder was cut');
    });
  }

  #settle(): void {
    this.#phase = 'running';
    this.#runningSince = Date.now();
    // What ended between the taking of the lock and this line was not acted upon.
    if (!this.#server || !this.#lock) this.#restoreIfRunning('PostgreSQL went away while it was starting');
  }

  #standDown(why: string): void {
    this.#phase = 'stood-down';
    this.#parts.log('error', why);
    this.#parts.emit('lock-lost');
  }

  async #endServer(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    for (const [how, patienceMs] of STOP_STEPS) {
      if (how !== 'fast') this.#parts.log('warn', `PostgreSQL does not stop; ending it (${how})`);
      server.end(how);
      const timer = new AbortController();
      const gone = await Promise.race([
        server.exited.then(() => true),
        sleep(patienceMs, false, { signal: timer.signal }).catch(() => false),
      ]);
      timer.abort();
      if (gone) break;
    }
    this.#server = null;
  }
}
