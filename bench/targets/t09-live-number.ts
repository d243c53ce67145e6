import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { openCapture } from '@devpulse/pipeline/capture/open-capture';
import { findDurabilityFault } from '../method/durability.ts';
import { readNumber } from '../method/dashboard.ts';
import { captureEvents, collectEvents } from '../method/git-events.ts';
import { shareHistory } from '../method/git-history.ts';
import { type BenchProgram, openProgram } from '../method/open-program.ts';
import { runLoad } from '../method/run-load.ts';
import { awaitSettled } from '../method/settle.ts';
import { quantile } from '../method/statistics.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { judgeCeiling, type Row, voidRows } from '../method/verdict.ts';
import { waitsUntilSeen, watchNumber } from '../method/watch-number.ts';

const eventsPerSecond = 100;
const allCommits = '/api/v1/metrics/commits?subject=workspace&from=2021-12-01&to=2030-01-01';
const patienceMs = 10_000;

/** T9: how soon a commit that was taken in stands in the number somebody watches. */
export const liveNumber: BenchTarget = { id: 'T9', title: 'From acknowledgement to the new number', run: measureLive };

async function measureLive(context: BenchContext): Promise<Row[]> {
  const program = await openProgram(context.scope);
  const events = await collectEvents((await shareHistory(context)).folder);
  const seconds = bySize(context, { quick: 3, default: 6 });
  const each = eventsPerSecond * seconds;
  const commits = events.filter(({ kind }) => kind === 'commit');
  // What says where the commits can be reached comes first: from then on each commit counts as soon as it is read.
  const capture = openCapture({ store: program.store });
  await captureEvents(
    capture,
    program.workspaceId,
    events.filter(({ kind }) => kind !== 'commit'),
  );
  await captureEvents(capture, program.workspaceId, commits.slice(0, 200));
  await capture.close();
  const waits: number[] = [];
  let way = '';
  for (let round = 0; round < context.rounds; round += 1) {
    context.say(`round ${round + 1}/${context.rounds}`);
    const part = commits.slice(200 + round * each, 200 + (round + 1) * each);
    const found = await measureRound(context, program, part);
    waits.push(found.p99);
    way = found.way;
  }
  const words =
    way === 'live' ? 'told by the live channel, then read' : 'seen by asking every 20 ms, for want of a live channel';
  const claim = {
    target: 'T9',
    what: `Acknowledgement to the new number at ${eventsPerSecond} commits a second, ${words}: p99`,
    baseline: 'none',
  };
  const rows = [judgeCeiling({ ...claim, samples: { p99: waits } }, waits, { atMost: 1000, unit: 'ms' })];
  const fault = await findDurabilityFault(program.admin);
  return fault === null ? rows : voidRows(rows, `Void: ${fault}.`);
}

async function measureRound(
  context: BenchContext,
  program: BenchProgram,
  commits: readonly RawEventInput[],
): Promise<{ p99: number; way: string }> {
  await fetch(`http://127.0.0.1:${program.port}/api/v1/dead-letters/replay`, {
    method: 'POST',
    headers: { authorization: `Bearer ${program.token}`, 'content-type': 'application/json' },
    body: '{"all":true}',
  });
  await awaitSettled(program.admin);
  const read = (): Promise<number> => readNumber(program, allCommits);
  const base = await read();
  const bodiesFile = path.join(program.dataDir, 'bench-bodies.json');
  const bodies = commits.map(({ source, key, kind, body }) =>
    JSON.stringify({ source, key, kind, payloadBase64: Buffer.from(body).toString('base64') }),
  );
  writeFileSync(bodiesFile, JSON.stringify(bodies));
  const watch = await watchNumber(program, 'commits', read);
  const result = await runLoad(context.scope, {
    port: program.port,
    token: program.token,
    mode: 'open',
    rate: eventsPerSecond,
    connections: 16,
    seconds: commits.length / eventsPerSecond + 1,
    warmupSeconds: 0,
    events: { path: '/api/v1/events', prefix: 'live', bytes: 0, secret: 'bench' },
    bodiesFile,
    stamps: true,
  });
  if (result.acked !== commits.length)
    throw new Error(`${commits.length - result.acked} commits were not acknowledged: ${result.firstFailure}`);
  for (
    const until = Date.now() + patienceMs;
    (watch.sightings.at(-1)?.value ?? 0) < base + commits.length && Date.now() < until;
  )
    await sleep(20);
  await watch.stop();
  return { p99: quantile(waitsUntilSeen(base, result.stamps ?? [], watch.sightings), 0.99), way: watch.way };
}
