import { openReader, type Reader } from '../../connectors/github/testing/open-reader.ts';
import { tellWorld, type WorldTold, worldOf } from '../../connectors/github/testing/tell-world.ts';
import { type GithubCounterpart, openGithub } from '../../test/github/open-github.ts';
import type { BenchTarget } from '../method/target.ts';
import { judgeCeiling, voidRows } from '../method/verdict.ts';

const size = { commits: 1500, pulls: 300, issues: 200 };
const repository = 'harbor/harbor-web';

/** T23: reading a repository asks little more than there is, and looking again asks next to nothing. */
export const syncThrift: BenchTarget = {
  id: 'T23',
  title: 'Thrift of reading GitHub',
  run: async () => {
    const github = await openGithub({ grow: { seed: 'thrift', repositories: 1, ...size } });
    try {
      return await measure(github);
    } finally {
      await github.close();
    }
  },
};

async function measure(github: GithubCounterpart): ReturnType<BenchTarget['run']> {
  const token = github.issueToken({ account: 'mira', scopes: ['repo', 'read:org'] }).value;
  const reader = openReader(github, repository, { token: () => token });
  const first = await countRequests(github, () => reader.readAll());
  const again = await countRequests(github, () => reader.look());
  const { id } = reader.settings;
  const world = worldOf(github, id);
  const rows = [
    judgeCeiling(
      {
        target: 'T23',
        what: 'First reading (requests, as a ratio)',
        baseline: 'the fewest that pages of GitHub allow',
      },
      [first / countFewest(world)],
      { atMost: 1.15, unit: 'times' },
    ),
    judgeCeiling({ target: 'T23', what: 'A look at what did not change', baseline: 'none' }, [again], {
      atMost: 1,
      unit: 'points',
    }),
  ];
  return isSame(reader, world) ? rows : voidRows(rows, 'Void: the facts are not what is there.');
}

async function countRequests(github: GithubCounterpart, work: () => Promise<unknown>): Promise<number> {
  const before = github.requests.length;
  await work();
  // What did not change costs nothing.
  return github.requests.slice(before).filter(({ status }) => status !== 304).length;
}

function isSame(reader: Reader, world: WorldTold): boolean {
  return JSON.stringify(tellWorld(reader.facts(), reader.settings.id)) === JSON.stringify(world);
}

/** Whatever is asked, each list takes its pages, and the files of each commit and pull request a request of their own. */
function countFewest(world: WorldTold): number {
  const of = (kind: string): number => world[kind]?.length ?? 0;
  const pages = (kind: string, perPage: number): number => Math.max(1, Math.ceil(of(kind) / perPage));
  // The repository, what changed in it, branches, tags, and seven answers that are read every day.
  const once = 11;
  const lists = pages('commits', 100) + pages('pulls', 25) + pages('issues', 50) + pages('comments', 100);
  const emptyLists = 6;
  const files = of('commits') + pages('commits', 100) + of('pulls') + pages('pulls', 100);
  return once + lists + emptyLists + files;
}
