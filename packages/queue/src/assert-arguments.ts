import { type EnqueueOptions } from './queue.ts';
import { MAX_ATTEMPTS } from './queue-settings.ts';

// What both engines can carry: BullMQ forbids ':' in a name, pg-boss everything but these.
const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

const KEY_LENGTH_MAX = 500;

/** Throws unless every name fits both engines. */
export function assertQueueNames(names: readonly string[]): void {
  for (const name of names) {
    if (!NAME.test(name)) throw new Error(`job name "${name}" may only have a-z, 0-9, dots, hyphens and underscores`);
  }
}

/** Throws unless the name was declared when the queue was opened: a typo must not become a job nobody works. */
export function assertDeclared(names: ReadonlySet<string>, name: string): void {
  if (!names.has(name)) throw new Error(`job "${name}" is not declared; declared are: ${[...names].join(', ')}`);
}

/** Throws when a job is asked for in a way an engine would misread. */
export function assertEnqueueOptions(options: EnqueueOptions): void {
  const { attempts, backoffMs, delayMs, key } = options;
  if (attempts !== undefined && !(Number.isInteger(attempts) && attempts >= 1 && attempts <= MAX_ATTEMPTS)) {
    throw new Error(`attempts must be a whole number from 1 to ${MAX_ATTEMPTS}, not ${attempts}`);
  }
  for (const [option, value] of Object.entries({ backoffMs, delayMs })) {
    if (value !== undefined && !(Number.isFinite(value) && value >= 0))
      throw new Error(`${option} must be 0 or more, not ${value}`);
  }
  if (key !== undefined && (key === '' || key.length > KEY_LENGTH_MAX)) {
    throw new Error(`key must have 1 to ${KEY_LENGTH_MAX} characters, not ${key.length}`);
  }
}

/** Throws unless the engine can keep the schedule; what the fields mean is checked by the engine's own cron parser. */
export function assertSchedule(cron: string, zone: string, finest: 'minute' | 'second'): void {
  const fields = cron.trim().split(/\s+/).length;
  if (fields !== 5 && !(fields === 6 && finest === 'second')) {
    throw new Error(`schedule "${cron}" must have five fields (minute hour day month weekday), not ${fields}`);
  }
  // BullMQ swallows an unknown zone and then never fires, so it is refused here for both.
  try {
    Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (cause) {
    throw new Error(`schedule zone "${zone}" is not an IANA time zone`, { cause });
  }
}
