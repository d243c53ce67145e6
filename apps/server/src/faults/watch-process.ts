import type { Logger } from '../log.ts';
import type { FaultRecorder } from './fault-recorder.ts';

/** Keeps a record of what would end the process without a word, then lets it end as it would have. */
export function watchProcess(faults: FaultRecorder, log: Logger): void {
  let isEnding = false;
  const end = async (thrown: unknown, origin: string): Promise<void> => {
    log.fatal({ err: thrown }, `${origin}; the program ends`);
    faults.record({ error: thrown, origin });
    if (isEnding) return;
    isEnding = true;
    // What it was doing is lost either way; who starts it again goes on from what is in the store.
    await faults.flush();
    process.exit(1);
  };
  process.on('uncaughtException', (error) => void end(error, 'uncaught error'));
  process.on('unhandledRejection', (error) => void end(error, 'unhandled rejection'));
}
