import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '@devpulse/contract/connector';
import { connectors } from '@devpulse/connectors/registry.gen';
import { foldFacts } from '@devpulse/connectors/github/testing/fold-facts';
import { tellWorld, worldOf } from '@devpulse/connectors/github/testing/tell-world';
import { drainInbox } from '@devpulse/pipeline/derive/drain-inbox';
import { sql } from 'kysely';
import { openGithub } from '../../../../test/github/open-github.ts';
import { openPools } from '../runtime/open-pools.ts';
import { readSource, type ReadOutcome } from '../sources/read-source.ts';
import { readStoredFacts } from '../sources/testing/read-stored-facts.ts';
import { verifyFacts } from '../verify/verify-facts.ts';
import { type HookedGithub, openHookedGithub } from './testing/hooked-github.ts';

let hooked: HookedGithub;
let source: { sourceId: string; connectionId: string };
const second = openPools();
const repository = 'harbor/harbor-web';
const by = 'mira';

beforeAll(async () => {
  const github = await openGithub({ grow: { seed: 'racing', repositories: 1, commits: 30, pulls: 4, issues: 4 } });
  hooked = await openHookedGithub(github);
  source = await hooked.watch(repository, by);
  await hooked.makeHook(source.sourceId);
});
afterAll(async () => {
  await Promise.all([second.fresh.close(), second.retry.close()]);
  await hooked.close();
});

function look(): Promise<ReadOutcome> {
  const { store, workspaceId, deps } = hooked.api;
  return readSource({
    store,
    capture: deps.capture,
    connectors: new Map<string, Connector>(connectors.map((one) => [one.id, one])),
    log: () => undefined,
    workspaceId,
    sourceId: source.sourceId,
    signal: new AbortController().signal,
    now: () => new Date(),
    githubParts: hooked.parts,
  });
}

async function lookToTheEnd(): Promise<void> {
  for (let looks = 0; looks < 200; looks += 1) {
    const result = await look();
    if (result.outcome === 'ok' && result.left === undefined) return;
    if (result.outcome === 'failed') throw new Error('the look failed');
  }
}

/** A second worker beside the one of `hooked`. */
async function drainAsWell(): Promise<void> {
  const { store, workspaceId } = hooked.api;
  const options = { store, pools: second, log: () => undefined, signal: new AbortController().signal };
  await drainInbox(options, workspaceId, 'fresh');
}

/** A pull request with everything that happens to one. */
function work(round: number): void {
  const { act } = hooked.github;
  act.push({ repository, by, branch: `work-${round}`, commits: [{ message: `Work ${round}` }] });
  const { number } = act.openPull({ repository, by, head: `work-${round}`, title: `Work ${round}` });
  act.openIssue({ repository, by, title: `Question ${round}` });
  act.review({ repository, by: 'jonas', number, state: 'APPROVED' });
  if (round % 2 === 0) act.merge({ repository, by, number, method: 'squash' });
}

describe('what is told and asked at the same time', () => {
  it('is one fact each, as it is there, whichever came first', async () => {
    const { github } = hooked;
    github.office.weather = { copies: [1, 3], delay: [0, 80] };
    let isOver = false;
    const looking = (async () => {
      while (!isOver) await look();
    })();
    const draining = [hooked.drain, drainAsWell].map(async (drain) => {
      while (!isOver) await drain();
    });
    try {
      for (let round = 0; round < 12; round += 1) {
        work(round);
        await hooked.hear();
      }
      await github.office.settled();
    } finally {
      isOver = true;
      await Promise.all([looking, ...draining]);
    }
    await hooked.hear();
    await lookToTheEnd();
    await hooked.drain();
    const { store, workspaceId } = hooked.api;
    const { id } = github.repository(repository);
    expect(tellWorld([...foldFacts(await readStoredFacts(store, workspaceId)).values()], id)).toEqual(
      worldOf(github, id),
    );
    const found = await store.inWorkspace(
      workspaceId,
      async (trx) => (await verifyFacts(trx, workspaceId, second.retry as never)).differences,
      { snapshot: true },
    );
    expect(found).toEqual([]);
    const { rows } = await store.inWorkspace(workspaceId, (trx) =>
      sql<{ state: string; arrivals: number }>`
        select distinct e.state, (select count(distinct arrival)::integer from raw_events) as arrivals from raw_events e
        where e.state not in ('done', 'ignored') or e.kind = 'hook.pull_request'`.execute(trx),
    );
    expect(rows).toEqual([{ state: 'done', arrivals: 2 }]);
  });
});
