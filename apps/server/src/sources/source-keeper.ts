import { type RawBuilder, sql } from 'kysely';
import type { PullProgress } from '@devpulse/contract/connector';
import type { LiveChange } from '@devpulse/contract/wire/live';
import type { Log } from '@devpulse/db/connection';
import type { Store } from '@devpulse/db/open-store';
import { announceChange } from '../live/announce-change.ts';
import { redactSecrets } from '../redact-secrets.ts';

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
}

interface Kept {
  store: Store;
  log: Log;
  workspaceId: string;
  sourceId: string;
  /** Who holds the lease. */
  owner: string;
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
      sql`last_error = null, progress = null, state = case when last_checked_at is null then 'reading' else state end`,
    );
    const { store, workspaceId, sourceId } = this.#kept;
    const row = await store.inWorkspace(workspaceId, (trx) =>
      trx
        .selectFrom('sources')
        .select(['connector', 'settings', 'cursor', 'state'])
        .where('id', '=', sourceId)
        .executeTakeFirst(),
    );
    if (row === undefined) throw new ReadingStopped('removed');
    this.#state = row.state;
    return row;
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

  async end(result: { state: 'ok' } | { state: 'failed'; error: { code: string; message: string } }): Promise<void> {
    await this.#saving;
    // An address with a password in it is what a git that cannot read says first.
    const error = result.state === 'failed' ? redactSecrets(JSON.stringify(result.error)) : null;
    await this.#write(
      sql`state = ${result.state}, last_error = ${error}::jsonb, progress = null,
      last_checked_at = case when ${result.state} = 'ok' then now() else last_checked_at end`,
      this.#state === result.state ? shown : judged,
    );
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
        where id = ${sourceId} and lease_owner = ${owner} and state <> 'paused'`.execute(trx);
      if (Number(written.numAffectedRows ?? 0n) > 0) {
        if (change !== null) await announceChange(trx, workspaceId, change);
        return null;
      }
      const { rows } = await sql<{ state: string }>`select state from sources where id = ${sourceId}`.execute(trx);
      if (rows[0] === undefined) return 'removed' as const;
      return rows[0].state === 'paused' ? ('paused' as const) : ('taken over' as const);
    });
    if (why === null) return;
    const stopped = new ReadingStopped(why);
    this.#stopped.abort(stopped);
    throw stopped;
  }
}
