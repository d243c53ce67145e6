import { z } from 'zod';
import { SourceRefused } from '@devpulse/contract/source-client';
import type { HostClient } from '@devpulse/http-client/open-client';
import { listRemote, type RemoteDelivery } from './list-remote.ts';

const sweepShape = z.object({
  /** Up to when deliveries were looked through, by GitHub's clock. */
  to: z.iso.datetime().optional(),
  asked: z
    .record(z.string(), z.object({ id: z.string(), at: z.iso.datetime(), times: z.number(), nextAt: z.iso.datetime() }))
    .default({}),
});
export type Sweep = z.infer<typeof sweepShape>;

/** One hook to look through, whosever it is. */
export interface SweptHook {
  client: HostClient;
  /** Of the hook, below the API. */
  path: string;
  /** As it was left; anything. */
  sweep: unknown;
  /** GitHub's own time. */
  now: Date;
  windowMs: number;
  /** Which of these deliveries are on disk here. */
  findStored(guids: readonly string[]): Promise<ReadonlySet<string>>;
}

export interface Swept {
  sweep: Sweep;
  /** Deliveries that are missing and were asked for again just now. */
  asked: number;
  missing: number;
  /** Some went missing that GitHub will never deliver again: only reading everything closes that. */
  isBeyond: boolean;
  /** The newest tries all failed. */
  isFailing: boolean;
}

const askedPerSweep = 100;
const rememberedMost = 5_000;
const overlapMs = 10 * 60_000;
/** GitHub lists a delivery before the answer to it has come in. */
const freshMs = 30_000;
const firstPauseMs = 5 * 60_000;
const longestPauseMs = 6 * 3_600_000;

/** Looks for deliveries that did not come in, and asks GitHub for each once more, later and later when that does not help. */
export async function sweepHook(hook: SweptHook): Promise<Swept> {
  const before = readSweep(hook.sweep);
  const oldest = new Date(hook.now.getTime() - hook.windowMs);
  const lastTo = before.to === undefined ? null : new Date(before.to);
  const since = lastTo === null ? oldest : new Date(Math.max(oldest.getTime(), lastTo.getTime() - overlapMs));
  const tries = await readTries(hook, since);
  const known = Object.entries(before.asked);
  const stored = await hook.findStored([...new Set([...tries.keys(), ...known.map(([guid]) => guid)])]);
  const asked: Sweep['asked'] = {};
  let isBeyond = lastTo !== null && lastTo < oldest;
  for (const [guid, one] of known) {
    if (stored.has(guid)) continue;
    if (new Date(one.at) < oldest) isBeyond = true;
    else asked[guid] = one;
  }
  for (const [guid, [newest]] of tries)
    if (newest !== undefined && !stored.has(guid) && isSettled(newest, hook.now))
      asked[guid] = { times: 0, nextAt: hook.now.toISOString(), ...asked[guid], ...whereIs(newest, asked[guid]) };
  const count = await askAgain(hook, asked);
  return {
    sweep: { to: hook.now.toISOString(), asked: Object.fromEntries(Object.entries(asked).slice(-rememberedMost)) },
    asked: count,
    missing: Object.keys(asked).length,
    isBeyond,
    isFailing: isFailing([...tries.values()].flat()),
  };
}

function readSweep(value: unknown): Sweep {
  const read = sweepShape.safeParse(value);
  return read.success ? read.data : { asked: {} };
}

/** By delivery, its tries from the newest on. */
async function readTries(hook: SweptHook, since: Date): Promise<Map<string, RemoteDelivery[]>> {
  const tries = new Map<string, RemoteDelivery[]>();
  for await (const one of listRemote(hook.client, hook.path, since))
    tries.set(one.guid, [...(tries.get(one.guid) ?? []), one]);
  return tries;
}

function isSettled({ isOpen, deliveredAt }: RemoteDelivery, now: Date): boolean {
  return !isOpen && now.getTime() - deliveredAt.getTime() > freshMs;
}

/** GitHub is asked by the number of a try; when it happened first decides how long it can be. */
function whereIs(newest: RemoteDelivery, known: { at: string } | undefined): { id: string; at: string } {
  return { id: newest.id, at: known?.at ?? newest.deliveredAt.toISOString() };
}

async function askAgain({ client, path, now }: SweptHook, asked: Sweep['asked']): Promise<number> {
  const due = Object.entries(asked).filter(([, one]) => new Date(one.nextAt) <= now);
  let count = 0;
  for (const [guid, one] of due.slice(0, askedPerSweep)) {
    try {
      const allow = [404, 422];
      const { status } = await client.send('POST', `${path}/deliveries/${one.id}/attempts`, { allow });
      if (status === 404) delete asked[guid];
      else count += 1;
    } catch (error) {
      // Asked to wait, or cut off: the next sweep goes on with the rest.
      if (error instanceof SourceRefused) break;
      throw error;
    }
    if (asked[guid] !== undefined) {
      const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** one.times);
      asked[guid] = { ...one, times: one.times + 1, nextAt: new Date(now.getTime() + pause).toISOString() };
    }
  }
  return count;
}

function isFailing(tries: readonly RemoteDelivery[]): boolean {
  const newest = tries.toSorted((a, b) => b.deliveredAt.getTime() - a.deliveredAt.getTime()).slice(0, 5);
  return newest.length > 0 && newest.every((one) => !one.isOk && !one.isOpen);
}
