import { newId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import type { Logger } from '../log.ts';
import { type FaultIdentity, identifyFault, tellFault } from './describe-fault.ts';
import type { FaultRecorder, FaultReport } from './fault-recorder.ts';
import { FloodGate } from './flood-gate.ts';
import { FaultWriter } from './fault-writer.ts';
import type { Occurrence } from './write-faults.ts';

export interface FaultRecorderOptions {
  store: Store;
  log: Logger;
  version: string;
  now: () => Date;
}

/** One time that a fault was seen, before anything of it is read that costs time. */
interface Sighting {
  report: FaultReport;
  fault: FaultIdentity;
  seenAt: Date;
}

/** Opens the record of faults of one process. While the store is away they wait in memory, and the log says so. */
export function openFaultRecorder(options: FaultRecorderOptions): FaultRecorder {
  const { log, now } = options;
  const writer = new FaultWriter(options);
  const gate = new FloodGate<Sighting>({
    onPass: (sighting, unwritten) => writer.add(makeOccurrence(sighting, options.version, unwritten)),
    onTooMany: () => log.warn('too many different faults within a minute: some are in the log only'),
  });
  return {
    record: (report) => {
      try {
        const fault = identifyFault(report);
        gate.pass(fault.id, { report, fault, seenAt: now() });
      } catch (error) {
        // Whoever reports a fault has one already and needs no second.
        log.warn({ err: error, origin: report.origin }, 'a fault could not be recorded');
      }
    },
    flush: () => {
      gate.open();
      return writer.flush();
    },
  };
}

function makeOccurrence({ report, fault, seenAt }: Sighting, version: string, unwritten: number): Occurrence {
  return {
    id: newId(),
    fault,
    seenAt,
    origin: report.origin.slice(0, 300),
    requestId: report.requestId ?? null,
    version,
    ...tellFault(report),
    unwritten,
  };
}
