import type { HistoryCommit, Scenario, ScenarioPerson } from './history.ts';
import { localDay } from './zone-time.ts';

/** What can be counted by hand of one person, days cut in that person's zone. */
export interface PersonTruth {
  person: ScenarioPerson;
  /** Commits credited as author or co-author, by day. */
  commits: Map<string, number>;
  linesAdded: Map<string, number>;
  linesRemoved: Map<string, number>;
  /** Lines added and removed by language. */
  languages: Map<string, number>;
}

/** What is true of a scenario, counted from the made-up history alone and never by the program. */
export interface Expectations {
  commits: number;
  merges: number;
  /** Commits that no person is credited with. */
  byMachinesAlone: number;
  /** Commits with at least one person, by day of the scenario's zone. */
  workspace: Map<string, number>;
  /** By id, all addresses of a person together. */
  people: Map<string, PersonTruth>;
}

/** Counts. `addresses: 'first'` takes only what was done under the usual address, as before two addresses are linked. */
export function countExpectations(scenario: Scenario, addresses: 'all' | 'first' = 'all'): Expectations {
  const byEmail = new Map<string, PersonTruth>();
  const people = new Map<string, PersonTruth>();
  for (const person of scenario.people) {
    const truth: PersonTruth = {
      person,
      commits: new Map(),
      linesAdded: new Map(),
      linesRemoved: new Map(),
      languages: new Map(),
    };
    people.set(person.id, truth);
    for (const email of addresses === 'all' ? person.emails : person.emails.slice(0, 1)) byEmail.set(email, truth);
  }
  const truth: Expectations = { commits: 0, merges: 0, byMachinesAlone: 0, workspace: new Map(), people };
  const machines = new Set([...scenario.machines.automation, ...scenario.machines.agent].map(({ email }) => email));
  for (const commit of scenario.repositories.flatMap((repository) => repository.commits)) {
    truth.commits += 1;
    if (commit.parents.length > 1) truth.merges += 1;
    const signatures = [commit.author, ...commit.coAuthors];
    if (signatures.every(({ email }) => machines.has(email))) truth.byMachinesAlone += 1;
    else add(truth.workspace, localDay(scenario.zone, commit.authored.at), 1);
    const credited = new Set(signatures.flatMap(({ email }) => byEmail.get(email) ?? []));
    for (const one of credited) add(one.commits, localDay(one.person.zone, commit.authored.at), 1);
    countLines(byEmail.get(commit.author.email), commit);
  }
  return truth;
}

function countLines(truth: PersonTruth | undefined, commit: HistoryCommit): void {
  // Git shows no files of a merge: its lines are those of the commits that it joins.
  if (truth === undefined || commit.parents.length > 1) return;
  const day = localDay(truth.person.zone, commit.authored.at);
  for (const { added, removed, language, leftOut } of commit.changes) {
    if (leftOut !== null) continue;
    add(truth.linesAdded, day, added);
    add(truth.linesRemoved, day, removed);
    add(truth.languages, language, added + removed);
  }
}

/** Everything in a map of days together. */
export function sumOf(days: ReadonlyMap<string, number>): number {
  return [...days.values()].reduce((sum, count) => sum + count, 0);
}

function add(map: Map<string, number>, key: string, count: number): void {
  map.set(key, (map.get(key) ?? 0) + count);
}
