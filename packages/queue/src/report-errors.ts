import { type QueueLog } from './queue.ts';

// While a store is down every worker fails at every poll: 10 workers would write 10 lines a second, all the same.
const REPEAT_AFTER_MS = 30_000;
const MESSAGES_MAX = 100;

// pg-boss names the queue and the worker behind each message, which would make every repeat look new.
const ORIGIN = / \(Queue: .*, Worker: .*\)$/;

/** Logs an engine's errors and warnings: each message at once, its repeats at most every 30 s with their number. */
export function reportErrors(log: QueueLog, engine: string): (error: unknown) => void {
  const seen = new Map<string, { loggedAt: number; repeats: number }>();
  return (error) => {
    const text = messageOf(error).replace(ORIGIN, '');
    const now = Date.now();
    const last = seen.get(text);
    if (last && now - last.loggedAt < REPEAT_AFTER_MS) {
      last.repeats += 1;
      return;
    }
    log.warn({ err: error, engine, repeats: last?.repeats ?? 0 }, 'queue engine reported an error');
    if (seen.size >= MESSAGES_MAX) seen.clear();
    seen.set(text, { loggedAt: now, repeats: 0 });
  };
}

/** pg-boss hands over errors, but also plain objects with a message. */
function messageOf(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message);
  return String(error);
}
