import type { Fact } from '@devpulse/contract/facts';
import { readForge } from '@devpulse/pipeline/testing/forge-rows';
import { createPipeline, type Pipeline } from '@devpulse/pipeline/testing/pipeline-bench';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { busy, makeBusyWorld } from '../../test/github/busy-world.ts';
import { type GithubCounterpart, openGithub } from '../../test/github/open-github.ts';
import { payloadOf } from '../../test/github/shapes/hook-payloads.ts';
import { listExampleEvents } from './testing/example-events.ts';
import { parseBody } from './testing/read-facts.ts';

interface Event {
  key: string;
  facts: Fact[];
}

let github: GithubCounterpart;
let base: Pipeline;
let happened: Event[];

beforeAll(async () => {
  github = await openGithub();
  const told: Event[] = [];
  github.world.listeners.push((happening) => {
    const body = payloadOf(github.world, happening);
    const read = body === undefined ? null : parseBody(`hook.${happening.event}`, body);
    if (read !== null && 'facts' in read) told.push({ key: `hook:app:${told.length}`, facts: read.facts });
  });
  makeBusyWorld(github);
  happened = told;
  base = await createPipeline();
});
afterAll(async () => {
  await base.close();
  await github.close();
});

/** Sends events in portions, each drained before the next, into a workspace of their own. */
async function store(events: readonly Event[], portion: number): Promise<Pipeline> {
  const pipeline = await base.inNewWorkspace();
  for (let at = 0; at < events.length; at += portion) {
    await pipeline.send(events.slice(at, at + portion));
    expect((await pipeline.drain()).failed).toBe(0);
  }
  return pipeline;
}

/** The same disorder on every run. */
function disorder(events: readonly Event[]): Event[] {
  const twice = [...events, ...events.map((event) => ({ ...event, key: `${event.key} by another hook` }))];
  return twice
    .map((event, at) => ({ event, at: (at * 7919) % 1009 }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ event }) => event);
}

describe('what a GitHub tells', () => {
  it('ends in the same rows in any order and however often it is told', async () => {
    const straight = await readForge(await store(happened, 1000));
    expect(await readForge(await store(disorder(happened), 40))).toEqual(straight);
    const pulls = (straight['fact_pull_requests'] ?? []).map((line) => JSON.parse(line) as Record<string, unknown>);
    const truth = github.readTruth().pulls.filter((pull) => pull.repository === github.repository(busy.repository).id);
    expect(pulls.map((pull) => [pull['number'], pull['state'], pull['head_sha']]).toSorted(byNumber)).toEqual(
      truth.map((pull) => [pull.number, pull.state, pull.headSha]).toSorted(byNumber),
    );
  });

  it('is taken by the store, all that GitHub shows examples of', async () => {
    const events = listExampleEvents().flatMap(({ event, body }, at): Event[] => {
      const read = parseBody(`hook.${event}`, body);
      return 'facts' in read ? [{ key: `example ${at}`, facts: read.facts }] : [];
    });
    expect(events.length).toBeGreaterThan(100);
    const rows = await readForge(await store(events, 1000));
    expect(Object.values(rows).filter((lines) => lines.length > 0).length).toBeGreaterThan(15);
  });
});

function byNumber(a: unknown[], b: unknown[]): number {
  return Number(a[0]) - Number(b[0]);
}
