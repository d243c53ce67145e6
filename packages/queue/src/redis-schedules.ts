import { type Queue } from 'bullmq';

/** What a process asked to be scheduled under a job name. */
export interface ScheduleDefinition {
  cron: string;
  zone: string;
  payload: object;
}

// Each job name is a BullMQ queue of its own, so its one scheduler needs no name of its own.
const SCHEDULER = 'tick';

/**
 * Ticks of a scheduler carry this in front of their job ids; jobs queued by hand cannot, because their ids hold no
 * colon.
 */
const tickId = (millis: number): string => `repeat:${SCHEDULER}:${millis}`;

/**
 * Makes the scheduler of a queue say what is asked. It is touched only when it says something else or has lost its next
 * tick: writing it anew would replace a tick that is due and still waits, and every process repeats this.
 */
export async function assertScheduler(queue: Queue, definition: ScheduleDefinition, template: object): Promise<void> {
  const current = await queue.getJobScheduler(SCHEDULER);
  const same =
    current?.pattern === definition.cron &&
    current.tz === definition.zone &&
    JSON.stringify(current.template?.data ?? {}) === JSON.stringify(definition.payload);
  if (same && (await nextTickState(queue, current.next)) !== 'lost') return;
  await queue.upsertJobScheduler(
    SCHEDULER,
    { pattern: definition.cron, tz: definition.zone },
    { name: queue.name, data: definition.payload, opts: template },
  );
}

/** Removes the scheduler of a queue with its next tick; false when there was none. */
export async function removeScheduler(queue: Queue): Promise<boolean> {
  return queue.removeJobScheduler(SCHEDULER);
}

/** 1 when the delayed jobs of the queue include the next tick of its schedule, which is not a job anybody queued. */
export async function pendingTicks(queue: Queue): Promise<0 | 1> {
  const current = await queue.getJobScheduler(SCHEDULER);
  return current && (await nextTickState(queue, current.next)) === 'delayed' ? 1 : 0;
}

/** A tick that is gone, or finished without the next one made, means that the scheduler stands still. */
async function nextTickState(queue: Queue, next: number | null | undefined): Promise<'delayed' | 'due' | 'lost'> {
  if (next === null || next === undefined) return 'lost';
  const state = await queue.getJobState(tickId(next));
  if (state === 'delayed') return 'delayed';
  return state === 'unknown' || state === 'completed' || state === 'failed' ? 'lost' : 'due';
}
