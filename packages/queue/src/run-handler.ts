import { type JobContext, type JobHandler, type QueueLog } from './queue.ts';

/** One run of one job, as an engine hands it over. */
interface HandlerRun {
  name: string;
  handler: JobHandler;
  payload: unknown;
  context: JobContext;
  log: QueueLog;
}

/** Runs a handler and logs its failure; the engine then decides about another attempt. */
export async function runHandler({ name, handler, payload, context, log }: HandlerRun): Promise<void> {
  // A signal of our own: pg-boss aborts its one after every run, also one that went well.
  const run = new AbortController();
  const forward = (): void => run.abort(context.signal.reason);
  if (context.signal.aborted) forward();
  context.signal.addEventListener('abort', forward, { once: true });
  try {
    await handler(payload, { ...context, signal: run.signal });
  } catch (err) {
    log.warn({ err, job: name, id: context.id, attempt: context.attempt }, 'job failed');
    throw err;
  } finally {
    context.signal.removeEventListener('abort', forward);
  }
}
