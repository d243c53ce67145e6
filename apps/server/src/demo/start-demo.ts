import type { Store } from '@devpulse/db/open-store';
import type { Workers } from '../jobs/workers.ts';
import type { Logger } from '../log.ts';
import { awaitDemo } from './await-demo.ts';
import { orderDemo } from './order-demo.ts';

interface StartDemo {
  store: Store;
  ask: Workers['ask'];
  logger: Logger;
  now: () => Date;
  say: (text: string) => void;
  /** The program's own end; nothing is said after it. */
  until: Promise<unknown>;
}

/** Has the demo made while the program already answers, and says on the terminal how that ended. */
export function startDemo(options: StartDemo): void {
  const ended = new AbortController();
  void options.until.finally(() => ended.abort());
  makeAndTell(options, ended.signal).catch((error: unknown) => {
    if (!ended.signal.aborted) options.logger.error({ err: error }, 'the demo could not be asked for');
  });
}

async function makeAndTell({ store, ask, now, say }: StartDemo, signal: AbortSignal): Promise<void> {
  const ordered = await orderDemo(store, { accountId: null, now: now() });
  if (ordered.state === 'making') {
    ask('make-demo');
    say('The demo is being made …');
  }
  const { state, error } = ordered.state === 'ready' ? ordered : await awaitDemo(store, signal);
  if (state === 'ready') say('The demo is ready, in a workspace of its own named “Demo team”.');
  if (state === 'failed') say(`The demo could not be made: ${error ?? ''}`);
}
