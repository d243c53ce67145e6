import { bindActs, type Acts } from '../acts/bind-acts.ts';
import { addRepository, type NewRepository } from '../acts/repositories.ts';
import type { NewCommit } from './history.ts';
import type { MergeMethod, Repository, World } from './model.ts';
import { findAccount, addAccount, type AccountLike } from './open-world.ts';

type Dated = Date | string;

export interface SeedPull {
  by: AccountLike;
  at: Dated;
  /** Its branch; made from its number where none is named. */
  head?: string;
  title?: string;
  body?: string | null;
  isDraft?: boolean;
  labels?: string[];
  commits: NewCommit[];
  readyAt?: Dated;
  reviews?: {
    by: AccountLike;
    at: Dated;
    state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED';
    comments?: { path: string; line?: number; body: string }[];
  }[];
  /** A later push to its branch. */
  pushes?: { by: AccountLike; at: Dated; commits: NewCommit[] }[];
  comments?: { by: AccountLike; at: Dated; body: string }[];
  merged?: { by: AccountLike; at: Dated; method?: MergeMethod };
  closed?: { by: AccountLike; at: Dated };
}

export interface SeedIssue {
  by: AccountLike;
  at: Dated;
  title?: string;
  labels?: string[];
  comments?: { by: AccountLike; at: Dated; body: string }[];
  closed?: { by: AccountLike; at: Dated; reason?: 'completed' | 'not_planned' };
}

export interface SeedRepository extends NewRepository {
  /** What was pushed to the default branch, oldest first. */
  commits?: NewCommit[];
  pulls?: SeedPull[];
  issues?: SeedIssue[];
}

/** A repository with a past. What happened in it happens in the order of its instants, and nobody is told. */
export function seedRepository(world: World, seed: SeedRepository): Repository {
  const { listeners } = world;
  world.listeners = [];
  try {
    const owner = seed.name.split('/', 1)[0] ?? '';
    if (findAccount(world, owner) === undefined) addAccount(world, { login: owner });
    const repository = addRepository(world, { createdAt: '2020-01-01T00:00:00Z', ...seed });
    const act = bindActs(world);
    const steps = [
      ...commitSteps(act, repository, seed.commits ?? []),
      ...(seed.pulls ?? []).flatMap((pull, index) => pullSteps(act, repository, pull, index)),
      ...(seed.issues ?? []).flatMap((issue) => issueSteps(act, repository, issue)),
    ];
    for (const { run } of steps.toSorted((a, b) => a.at - b.at)) run();
    return repository;
  } finally {
    world.listeners = listeners;
  }
}

interface Step {
  at: number;
  run(): void;
}

function step(at: Dated, run: () => void): Step {
  return { at: new Date(at).getTime(), run };
}

function commitSteps(act: Acts, repository: Repository, commits: NewCommit[]): Step[] {
  // Pushed one after the other whatever dates they bear: clocks of authors are wrong in both directions.
  let last = Number.NEGATIVE_INFINITY;
  return commits.map((commit) => {
    const date = commit.committer?.date ?? commit.author.date ?? repository.createdAt;
    last = Math.max(last, Math.min(new Date(date).getTime(), Date.now()));
    const at = new Date(Math.max(last, 0));
    return { at: last, run: () => void act.push({ repository, by: repository.owner, at, commits: [commit] }) };
  });
}

function pullSteps(act: Acts, repository: Repository, seed: SeedPull, index: number): Step[] {
  const branch = seed.head ?? `change-${index + 1}`;
  const about = { repository, number: 0 };
  const steps: Step[] = [
    step(seed.at, () => {
      act.push({ repository, branch, by: seed.by, at: seed.at, commits: seed.commits });
      const { by, at, title, body, isDraft, labels } = seed;
      const given = { ...(title === undefined ? {} : { title }), ...(body === undefined ? {} : { body }) };
      const marks = { ...(isDraft === undefined ? {} : { isDraft }), ...(labels === undefined ? {} : { labels }) };
      about.number = act.openPull({ repository, by, at, head: branch, ...given, ...marks }).number;
    }),
  ];
  const { readyAt, merged, closed } = seed;
  for (const push of seed.pushes ?? []) steps.push(step(push.at, () => void act.push({ repository, branch, ...push })));
  for (const one of seed.reviews ?? []) steps.push(step(one.at, () => void act.review({ ...about, ...one })));
  for (const one of seed.comments ?? []) steps.push(step(one.at, () => void act.comment({ ...about, ...one })));
  if (readyAt !== undefined)
    steps.push(step(readyAt, () => void act.markReady({ ...about, by: seed.by, at: readyAt })));
  if (merged !== undefined) steps.push(step(merged.at, () => void act.merge({ ...about, ...merged })));
  if (closed !== undefined) steps.push(step(closed.at, () => void act.closePull({ ...about, ...closed })));
  return steps;
}

function issueSteps(act: Acts, repository: Repository, seed: SeedIssue): Step[] {
  const about = { repository, number: 0 };
  const { closed, comments = [], ...issue } = seed;
  const steps: Step[] = [step(seed.at, () => void (about.number = act.openIssue({ repository, ...issue }).number))];
  for (const one of comments) steps.push(step(one.at, () => void act.comment({ ...about, ...one })));
  if (closed !== undefined) steps.push(step(closed.at, () => void act.closeIssue({ ...about, ...closed })));
  return steps;
}
