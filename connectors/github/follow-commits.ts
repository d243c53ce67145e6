import type { RawEventInput } from '@devpulse/contract/raw-event';
import { z } from 'zod';
import { freshList } from './cursor.ts';
import { ask, getOptional, keep, type Look, saveCursor, toEvent } from './look.ts';
import type { Met } from './meet-repository.ts';
import { commitsQuestion } from './questions.ts';
import { noteNewCommits } from './read-new-files.ts';
import type { ExtraOf } from './shapes.ts';

type Heads = Record<string, string>;

/** The heads whose commits count. */
export function headsOf({ settings, cursor }: Look, { defaultBranch }: Met): Heads {
  if (settings.branches === 'default') return defaultBranch === null ? {} : { [defaultBranch.name]: defaultBranch.sha };
  const branches = Object.entries(cursor.refs ?? {}).filter(([ref]) => ref.startsWith('refs/heads/'));
  return Object.fromEntries(branches.map(([ref, sha]) => [ref.slice('refs/heads/'.length), sha]));
}

/**
 * Tells which commits became reachable since the last look and which no longer are. What was begun is told to its end first, so
 * that the facts always say what one look saw.
 */
export async function followCommits(look: Look, heads: Heads): Promise<void> {
  const { cursor } = look;
  if (cursor.settled === null) return;
  if (cursor.attempt !== null) await tellDifference(look);
  if (cursor.settled === null || isSame(cursor.settled.heads, heads)) return;
  const snapshot = Math.max(look.context.now().getTime(), cursor.settled.snapshot + 1);
  cursor.attempt = { heads, snapshot };
  await saveCursor(look);
  await tellDifference(look);
}

function isSame(one: Heads, two: Heads): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(two).length && names.every((name) => one[name] === two[name]);
}

async function tellDifference(look: Look): Promise<void> {
  const { cursor } = look;
  const { settled, attempt } = cursor;
  if (settled === null || attempt === null) return;
  const told = await readDifference(look, settled.heads, attempt.heads);
  if (told === null) {
    walkAgain(look);
  } else {
    await tellCommits(look, attempt.snapshot, told);
    cursor.settled = attempt;
  }
  cursor.attempt = null;
  await saveCursor(look);
}

/** Everything is told anew, by the road of the past: old and new cannot be compared any more. */
function walkAgain({ cursor }: Look): void {
  cursor.walk = null;
  cursor.settled = null;
  cursor.attempt = null;
  cursor.lists = { ...cursor.lists, commits: freshList };
}

interface Difference {
  found: readonly string[];
  left: readonly string[];
}

/** `null` where only a walk tells what is reachable now. */
async function readDifference(look: Look, old: Heads, now: Heads): Promise<Difference | null> {
  return look.settings.branches === 'all' ? compareBranches(look, old, now) : compareOne(look, old, now);
}

async function compareOne(look: Look, old: Heads, now: Heads): Promise<Difference | null> {
  const [from, another] = Object.values(old);
  const [to] = Object.values(now);
  // They counted on every branch before.
  if (from === undefined || to === undefined || another !== undefined) return null;
  const ahead = await compare(look, from, to);
  if (ahead === null || ahead.behind === 0) return ahead === null ? null : { found: ahead.shas, left: [] };
  const behind = await compare(look, to, from);
  return behind === null ? null : { found: ahead.shas, left: behind.shas };
}

/** Beyond that many, comparing each costs more than a walk. */
const branchesMax = 50;

async function compareBranches(look: Look, old: Heads, now: Heads): Promise<Difference | null> {
  const main = look.main ?? '';
  const [from, to] = [old[main], now[main]];
  if (from === undefined || to === undefined) return null;
  const ahead = await compare(look, from, to);
  if (ahead === null || ahead.behind > 0) return null;
  const found = new Set(ahead.shas);
  for (const [name, sha] of Object.entries(now)) {
    if (name === main || old[name] === sha) continue;
    const added = await compare(look, old[name] ?? to, sha);
    if (added === null) return null;
    for (const one of added.shas) found.add(one);
  }
  const left = await findLeft(look, old, { ...now, [main]: to }, to);
  return left === null ? null : { found: [...found], left: [...left].filter((sha) => !found.has(sha)) };
}

/** What heads that moved or went reached beside the main branch, and nothing else does now. */
async function findLeft(look: Look, old: Heads, now: Heads, main: string): Promise<Set<string> | null> {
  const left = new Set<string>();
  for (const [name, sha] of Object.entries(old)) {
    if (now[name] === sha || name === look.main) continue;
    const reached = await compare(look, main, sha);
    if (reached === null) return null;
    for (const one of reached.shas) left.add(one);
  }
  if (left.size === 0) return left;
  const others = new Set(Object.values(now).filter((sha) => sha !== main));
  if (others.size > branchesMax) return null;
  for (const sha of others) {
    const kept = await compare(look, main, sha);
    if (kept === null) return null;
    for (const one of kept.shas) left.delete(one);
  }
  return left;
}

const comparison = z.object({ behind_by: z.int(), commits: z.array(z.object({ sha: z.string() })) });

/** The commits that one head reaches and the other does not; `null` where the two have nothing in common, or one is no more. */
export async function compare(
  look: Look,
  from: string,
  to: string,
): Promise<{ shas: string[]; behind: number } | null> {
  const shas: string[] = [];
  let answer = await getOptional(look, look.live, `/compare/${from}...${to}`, { query: { per_page: 100 } });
  if (answer === null) return null;
  for (;;) {
    const page = comparison.parse(answer.json);
    shas.push(...page.commits.map((commit) => commit.sha));
    if (answer.next === null) return { shas, behind: page.behind_by };
    answer = await look.live.get(answer.next);
  }
}

const commitNodes = z.record(z.string(), z.unknown());
const commitsPerQuestion = 100;

/** Commits with what they say, and that they are reachable, or no longer are. */
async function tellCommits(look: Look, snapshot: number, { found, left }: Difference): Promise<void> {
  for (let from = 0; from < found.length; from += commitsPerQuestion) {
    const shas = found.slice(from, from + commitsPerQuestion);
    const nodes = await ask(look, look.live, { question: commitsQuestion(shas) }, commitNodes);
    const known = Object.values(nodes).filter((node) => node !== null);
    noteNewCommits(look, known);
    await keep(look, [
      toEvent(look, 'commit-nodes', known, {}),
      reachEvent(look, { snapshot: snapshot, reachable: true, part: from }, shas),
    ]);
  }
  for (let from = 0; from < left.length; from += shasPerPart) {
    await keep(look, [
      reachEvent(look, { snapshot: snapshot, reachable: false, part: from }, left.slice(from, from + shasPerPart)),
    ]);
  }
}

const shasPerPart = 2000;

/** That one part of what a look found is reachable, or no longer is. */
export function reachEvent(look: Look, told: ExtraOf<'reach'>, shas: readonly string[]): RawEventInput {
  return toEvent(look, 'reach', shas, told);
}
