import { AppError } from '@devpulse/contract/errors';

/** Memory that bodies of requests may hold together. */
export interface BodyBudget {
  /** Waits for room, in order of arrival; gives back what to call when the body is done with. */
  reserve(bytes: number): Promise<() => void>;
}

interface Waiter {
  bytes: number;
  grant(): void;
}

/** Opens a budget; whoever gets no room within `patienceMs` is told to come again. */
export function openBodyBudget(options: { totalBytes: number; patienceMs: number }): BodyBudget {
  let free = options.totalBytes;
  const waiting: Waiter[] = [];

  const serve = (): void => {
    for (let first = waiting[0]; first !== undefined && first.bytes <= free; first = waiting[0]) {
      waiting.shift();
      free -= first.bytes;
      first.grant();
    }
  };

  return {
    reserve: (bytes) =>
      new Promise((resolve, reject) => {
        const waiter: Waiter = {
          bytes,
          grant: () => {
            clearTimeout(timer);
            resolve(
              once(() => {
                free += bytes;
                serve();
              }),
            );
          },
        };
        const timer = setTimeout(() => {
          waiting.splice(waiting.indexOf(waiter), 1);
          reject(new AppError('busy', 'Too many large bodies are arriving at once.'));
          // The one that gave up may have stood before smaller ones.
          serve();
        }, options.patienceMs);
        waiting.push(waiter);
        serve();
      }),
  };
}

function once(act: () => void): () => void {
  let done = false;
  return () => {
    if (!done) act();
    done = true;
  };
}
