/** Times and limits both engines share. */
export interface QueueSettings {
  /** A run that lasts longer is aborted and counts as failed. */
  maxRunSeconds: number;
  /** A worker silent for this long is taken for dead. PostgreSQL allows no less than 10. */
  leaseSeconds: number;
  /** How often dead workers are looked for, finished jobs removed (PostgreSQL) and schedules checked (Redis). */
  sweepSeconds: number;
  /** How long finished jobs are kept and counted. */
  keepFinishedSeconds: number;
  /** PostgreSQL only: how soon a job queued by another process is seen. Within a process workers are woken at once. */
  pollSeconds: number;
  /** PostgreSQL only: how often due ticks are looked for; a tick runs at most twice this after its time. */
  tickSeconds: number;
}

// A job of a killed worker must run again within 60 s: lease 20 + sweep 15 + poll 1 + first back-off (at most 2) leave
// room.
export const QUEUE_SETTINGS: QueueSettings = {
  maxRunSeconds: 15 * 60,
  leaseSeconds: 20,
  sweepSeconds: 15,
  keepFinishedSeconds: 60 * 60,
  pollSeconds: 1,
  tickSeconds: 5,
};

export const DEFAULT_ATTEMPTS = 5;
export const MAX_ATTEMPTS = 20;
export const DEFAULT_BACKOFF_MS = 1000;
export const MAX_BACKOFF_MS = 5 * 60 * 1000;

/** How long `close` waits for running handlers when the caller does not say; a SIGTERM has 5 s in all. */
export const CLOSE_TIMEOUT_MS = 3000;

/** How long `close` then waits for the store to note what became of the jobs. */
export const HAND_BACK_MS = 1000;

/** How long `ping` and the opening of a connection wait for an answer. */
export const ANSWER_TIMEOUT_MS = 5000;
