import type { QueueLog } from '@devpulse/queue/queue';
import type { Logger } from '../log.ts';
import type { FaultRecorder } from './fault-recorder.ts';

/** The log for the queue: what its engine reports is kept as a fault as well. Failing jobs are told by those who run them. */
export function recordEngineErrors(log: Logger, faults: Pick<FaultRecorder, 'record'>): QueueLog {
  const keep = (fields: object): void => {
    if ('engine' in fields && 'err' in fields)
      faults.record({ error: fields.err, origin: `queue ${String(fields.engine)}` });
  };
  return {
    warn: (fields, message) => {
      log.warn(fields, message);
      keep(fields);
    },
    error: (fields, message) => {
      log.error(fields, message);
      keep(fields);
    },
  };
}
