import { setTimeout as sleep } from 'node:timers/promises';
import type { Querying } from './querying.ts';

const withinMs = 180_000;
const pauseMs = 50;

/** Waits until every event is read and every day counted. */
export async function awaitSettled(admin: Querying): Promise<void> {
  const until = Date.now() + withinMs;
  for (;;) {
    const { rows } = await admin.query(`
      select (select count(*) from raw_events where state in ('pending', 'leased'))
           + (select count(*) from (select 1 from rollup_stale limit 1) marks) as open`);
    if (Number(rows[0]?.['open']) === 0) return;
    if (Date.now() > until) throw new Error(`the program has not caught up within ${withinMs / 1000} s`);
    await sleep(pauseMs);
  }
}
