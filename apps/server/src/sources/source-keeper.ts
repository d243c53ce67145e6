import { type RawBuilder, sql } from 'kysely';
import type { PullEnd, PullProgress } from '@devpulse/contract/connector';
import type { LiveChange } from '@devpulse/contract/wire/live';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { announceChange } from '../live/announce-change.ts';
import { redactSecrets } from '../redact-secrets.ts';
import { type LookEnd, type LookTimes, planNextLook } from './plan-next-look.ts';

/** The lease was lost to another reader, or the source was paused or removed; this reader has nothing more to say. */
export class ReadingStopped extends Error {
  override name = 'ReadingStopped';
  readonly why: 'taken over' | 'paused' | 'removed';

  constructor(why: ReadingStopped['why']) {
    super(`the source was ${why} while it was being read`);
    this.why = why;
  }
}

export interface SourceRow {
  connector: string;
  settings: unknown;
  cursor: unknown;
  state: string;
  natural_key: string;
  connection_id: string | null;
  /** Somebody waits for this look. */
  isAsked: boolean;
}

/** How a look ended. */
export type Ended =
  | { state: 'read'; left: PullEnd['left']; until: Date | null; changed: boolean }
  /** The source asked us to wait. */
  | { state: 'waiting'; until: Date | null }
  | { state: 'failed'; error: { code: string; message: string } };

interface Kept {
  store: Store;
  log: Log;
  workspaceId: string;
  sourceId: string;
  /** Who holds the lease. */
  owner: string;
  now?: () => Date;
}

interface StoredRow extends Omit<SourceRow, 'isAsked'> {
  look_seconds: number;
  wished_seconds: number | null;
  failures: number;
  siblings: number;
  is_asked: boolean;
  began_at: string;
}

// A bar that moves three times a second moves smoothly; each step is one small write and one notice.
const progressEveryMs = 280;

/** The list of sources shows it. */
const shown: Partial<LiveChange> = { sources: true };
/** What may be said of every number hangs on it: whole, partial or stale. */
const judged: Partial<LiveChange> = { sources: true, metrics: ['*'] };

/** Writes what is known of a source while it is read, as long as the lease is ours and nobody paused it. */
export class SourceKeeper {
  readonly #kept: Kept;
  readonly #stopped = new AbortController();
  #told: PullProgress | null = null;
  #saving: Promise<void> | null = null;
  #savedAt = 0;
  #state = 'new';
  #beganAt = '';
  #times: LookTimes = { connectionId: null, lookSeconds: 60, wishedSeconds: null, failures: 0, siblings: 0 };

  constructor(kept: Kept) {
    this.#kept = kept;
  }

  /** Aborted when somebody paused or removed the source, or reads it instead of us. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }

  async begin(): Promise<SourceRow> {
    // Looking again at what is known does not make its numbers partial; only the first look does.
    await this.#write(
      sql`last_error = case when last_checked_at is null or connection_id is null then null else last_error end,
        progress = case when connection_id is null then null else progress end,
        state = case when last_checked_at is null then 'reading' else state end`,
    );
    const { store, workspaceId, sourceId } = this.#kept;
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<StoredRow>`
        select connector, settings, cursor, state, natural_key, connection_id, look_seconds, wished_seconds, failures,
          coalesce(asked_at > now() - interval '2 minutes', false) as is_asked, now()::text as began_at,
          (select count(*) from sources o where o.workspace_id = s.workspace_id and o.connection_id = s.connection_id)::integer as siblings
        from sources s where workspace_id = ${ownWorkspace} and id = ${sourceId}`.execute(trx),
    );
    const [row] = rows;
    if (row === undefined) throw new ReadingStopped('removed');
    this.#state = row.state;
    this.#beganAt = row.began_at;
    const { look_seconds: lookSeconds, wished_seconds: wishedSeconds, failures, siblings } = row;
    this.#times = { connectionId: row.connection_id, lookSeconds, wishedSeconds, failures, siblings };
    return { ...row, isAsked: row.is_asked };
  }

  async saveCursor(cursor: unknown): Promise<void> {
    await this.#write(sql`cursor = ${JSON.stringify(cursor)}::jsonb`, null);
  }

  /** Notes how far it is; what comes faster than it can be shown is folded into the next note. */
  progress(progress: PullProgress): void {
    this.#told = progress;
    const isDue = Date.now() - this.#savedAt >= progressEveryMs;
    if (this.#saving === null && isDue && !this.signal.aborted) this.#saving = this.#saveProgress();
  }

  /** It was not the source's fault that reading ended; its state stays as it is. */
  async interrupt(): Promise<void> {
    await this.#saving;
    await this.#write(sql`progress = null`);
  }

  async end(result: Ended): Promise<void> {
    await this.#saving;
    if (result.state === 'waiting') return this.#wait(result.until);
    // An address with a password in it is what a git that cannot read says first.
    const error = result.state === 'failed' ? redactSecrets(JSON.stringify(result.error)) : null;
    const isWhole = result.state === 'read' && result.left !== 'facts';
    const state = result.state === 'failed' ? 'failed' : isWhole ? 'ok' : 'reading';
    const next = this.#next(result.state === 'failed' ? { kind: 'failed' } : { ...result, kind: 'read' });
    const waits = result.state === 'read' && result.until !== null ? result.until.toISOString() : null;
    await this.#write(
      sql`state = ${state}, last_error = ${error}::jsonb, ${next}, waiting_until = ${waits}::timestamptz,
      progress = case when ${state} = 'reading' then progress end,
      reconciled_at = case when ${state} <> 'failed' then now() else reconciled_at end,
      last_checked_at = case when ${state} = 'ok' then now() else last_checked_at end`,
      this.#state === state ? shown : judged,
    );
  }

  /** What it told stands as it did; only the next look is later. */
  async #wait(until: Date | null): Promise<void> {
    const next = this.#next({ kind: 'waiting', until });
    await this.#write(sql`${next}, waiting_until = ${until?.toISOString() ?? null}::timestamptz`);
  }

  /** What happened while we looked may have been missed: then the next look is due at once. */
  #next(end: LookEnd): RawBuilder<unknown> {
    const { delaySeconds, lookSeconds, failures } = planNextLook(
      this.#times,
      end,
      this.#kept.now?.() ?? new Date(),
      Math.random(),
    );
    const wasStirred =
      end.kind === 'read' ? sql`coalesce(stirred_at > ${this.#beganAt}::timestamptz, false)` : sql`false`;
    return sql`look_seconds = ${lookSeconds}, failures = ${failures},
      next_look_at = now() + make_interval(secs => case when ${wasStirred} then 0 else ${delaySeconds}::double precision end)`;
  }

  async #saveProgress(): Promise<void> {
    this.#savedAt = Date.now();
    try {
      await this.#write(sql`progress = ${JSON.stringify(this.#told)}::jsonb`);
    } catch (error) {
      if (error instanceof ReadingStopped) return;
      this.#kept.log('warn', 'progress could not be saved', { error: (error as Error).message });
    } finally {
      this.#saving = null;
    }
  }

  async #write(assignment: RawBuilder<unknown>, change: Partial<LiveChange> | null = shown): Promise<void> {
    const { store, workspaceId, sourceId, owner } = this.#kept;
    const why = await store.inWorkspace(workspaceId, async (trx) => {
      const written = await sql`
        update sources set ${assignment}
        where workspace_id = ${ownWorkspace} and id = ${sourceId} and lease_owner = ${owner} and state <> 'paused'`.execute(
        trx,
      );
      if (Number(written.numAffectedRows ?? 0n) > 0) {
        if (change !== null) await announceChange(trx, workspaceId, change);
        return null;
      }
      const { rows } = await sql<{
        state: string;
      }>`select state from sources where workspace_id = ${ownWorkspace} and id = ${sourceId}`.execute(trx);
      if (rows[0] === undefined) return 'removed' as const;
      return rows[0].state === 'paused' ? ('paused' as const) : ('taken over' as const);
    });
    if (why === null) return;
    const stopped = new ReadingStopped(why);
    this.#stopped.abort(stopped);
    throw stopped;
  }
}
