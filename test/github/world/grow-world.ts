import { codingAgent, team, updater, type Member } from '@devpulse/scenarios/cast';
import { Random } from '@devpulse/scenarios/random';
import type { NewCommit } from './history.ts';
import type { Account, Repository, World } from './model.ts';
import { addAccount, findAccount } from './open-world.ts';
import { seedRepository, type SeedIssue, type SeedPull } from './seed-repository.ts';

export interface Growth {
  seed: string;
  /** How many repositories share it all. */
  repositories?: number;
  /** Commits that go straight to the default branch. */
  commits?: number;
  pulls?: number;
  issues?: number;
  owner?: string;
  /** The last day of the story; it lasts a year. */
  until?: Date | string;
}

const DAY = 86_400_000;

/** A believable year of a whole organization, the same for the same seed. */
export function growWorld(world: World, growth: Growth): Repository[] {
  const { seed, repositories = 2, commits = 200, pulls = 60, issues = 30, owner = 'harbor' } = growth;
  const random = new Random(seed);
  const people = addCast(world);
  const members = people.map((account) => ({ account }));
  if (findAccount(world, owner) === undefined) addAccount(world, { login: owner, type: 'Organization', members });
  const until = new Date(growth.until ?? world.now()).getTime();
  return Array.from({ length: repositories }, (_, index) => {
    const story = { random: random.fork(`repository ${index}`), from: until - 365 * DAY, until };
    const share = (whole: number) => Math.floor(whole / repositories) + (index < whole % repositories ? 1 : 0);
    return seedRepository(world, {
      name: `${owner}/${names[index % names.length]}${index < names.length ? '' : `-${index}`}`,
      visibility: index === 1 ? 'private' : 'public',
      commits: growCommits(story, share(commits)),
      pulls: Array.from({ length: share(pulls) }, (_unused, at) => growPull(story, at)),
      issues: Array.from({ length: share(issues) }, () => growIssue(story)),
    });
  });
}

const names = ['harbor-web', 'harbor-api', 'harbor-data', 'harbor-infra', 'harbor-docs'];

function addCast(world: World): Account[] {
  for (const [id, signature] of [
    [49_699_333, updater],
    [198_982_749, { ...codingAgent, name: 'copilot-swe-agent[bot]' }],
  ] as const) {
    const login = signature.name;
    if (findAccount(world, login) === undefined) addAccount(world, { id, login, email: null });
  }
  return team.map(
    (member) =>
      findAccount(world, member.id) ??
      addAccount(world, {
        login: member.id,
        name: member.name,
        emails: member.emails.map((email, index) => ({ email, primary: index === 0, verified: true })),
      }),
  );
}

interface Story {
  random: Random;
  from: number;
  until: number;
}

function growCommits({ random, from, until }: Story, count: number): NewCommit[] {
  const moments = Array.from({ length: count }, () => Math.floor(from + random.next() * (until - from)));
  // The first commit is there before the first pull request.
  moments.push(from - DAY);
  return moments.toSorted((a, b) => a - b).map((at) => growCommit(random, random.pick(team), at));
}

function growCommit(random: Random, member: Member, at: number): NewCommit {
  const email = random.chance(0.2) ? random.pick(member.emails) : member.emails[0];
  const other = random.pick(team);
  const trailer =
    random.chance(0.06) && other !== member ? `\n\nCo-authored-by: ${other.name} <${other.emails[0]}>` : '';
  return {
    message: `${random.pick(verbs)} the ${random.pick(things)}${trailer}`,
    author: { name: member.name, email, date: new Date(at) },
    offset: random.pick([0, 60, 120, -300, 330]),
    files: Array.from({ length: random.int(1, 4) }, () => ({
      path: `src/${random.pick(things)}/${random.pick(things)}.ts`,
      status: random.chance(0.2) ? 'added' : 'modified',
      additions: random.int(1, 60),
      deletions: random.int(0, 30),
    })),
  };
}

const verbs = ['Add', 'Fix', 'Move', 'Simplify', 'Test', 'Describe', 'Speed up'];
const things = ['berth', 'cargo', 'crane', 'dock', 'ledger', 'pilot', 'quay', 'tide', 'vessel', 'warehouse'];

function growPull({ random, from, until }: Story, index: number): SeedPull {
  const at = Math.floor(from + random.next() * (until - from));
  const isUpdate = random.chance(0.08);
  const author = random.pick(team);
  const reviewer = random.pick(team.filter((member) => member !== author));
  const hours = (least: number, most: number) => Math.floor((least + random.next() * (most - least)) * 3_600_000);
  const isDraft = random.chance(0.25);
  const commits = Array.from({ length: random.int(1, 4) }, (_, back) =>
    growCommit(random, author, at - (4 - back) * 600_000),
  );
  const seen = at + hours(1, 30);
  const ended = seen + hours(0.2, 60);
  const end = { by: reviewer.id, at: new Date(ended) };
  const fate =
    ended > until
      ? 'open'
      : random.weigh([
          ['merged', 8],
          ['closed', 1],
          ['open', 1],
        ] as const);
  const later = seen + Math.floor((Math.min(ended, until) - seen) / 2);
  return {
    by: isUpdate ? updater.name : author.id,
    at: new Date(at),
    head: isUpdate ? `dependabot/npm/${index}` : `${author.id}/change-${index}`,
    title: `${random.pick(verbs)} the ${random.pick(things)}`,
    isDraft,
    commits,
    ...(isDraft ? { readyAt: new Date(at + 1_800_000) } : {}),
    reviews:
      seen > until
        ? []
        : [
            {
              by: reviewer.id,
              at: new Date(seen),
              state: random.chance(0.3) ? 'CHANGES_REQUESTED' : 'APPROVED',
              comments: random.chance(0.4) ? [{ path: 'src/dock/tide.ts', body: 'Is this still needed?' }] : [],
            },
          ],
    pushes:
      seen <= until && random.chance(0.2)
        ? [{ by: author.id, at: new Date(later), commits: [growCommit(random, author, later)] }]
        : [],
    comments: random.chance(0.3) && seen <= until ? [{ by: author.id, at: new Date(seen), body: 'Thank you.' }] : [],
    ...(fate === 'merged' ? { merged: { ...end, method: random.pick(['merge', 'squash', 'rebase'] as const) } } : {}),
    ...(fate === 'closed' ? { closed: end } : {}),
  };
}

function growIssue({ random, from, until }: Story): SeedIssue {
  const at = Math.floor(from + random.next() * (until - from));
  const ended = at + random.int(1, 600) * 3_600_000;
  const isClosed = ended < until && random.chance(0.7);
  return {
    by: random.pick(team).id,
    at: new Date(at),
    title: `The ${random.pick(things)} does not ${random.pick(['open', 'close', 'load', 'answer'])}`,
    labels: [random.pick(['bug', 'question', 'feature'])],
    ...(isClosed ? { closed: { by: random.pick(team).id, at: new Date(ended) } } : {}),
  };
}
