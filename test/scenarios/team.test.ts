import { describe, expect, it } from 'vitest';
import { codingAgent, pairingAgent, updater } from './cast.ts';
import { makeEmpty } from './empty.ts';
import { countExpectations, sumOf } from './expectations.ts';
import { growHistory } from './grow-history.ts';
import { type HistoryCommit, renderMessage, type Scenario } from './history.ts';
import { makeSolo } from './solo.ts';
import { makeTeam } from './team.ts';
import { addDays, instantOf, localDay, offsetAt, weekdayOf } from './zone-time.ts';

const endDay = '2026-11-20';
const team = makeTeam({ seed: 'test', endDay });
const truth = countExpectations(team);
const commits = team.repositories.flatMap((repository) => repository.commits);

function by(email: string): HistoryCommit[] {
  return commits.filter(({ author }) => author.email === email);
}

function emailsOf(id: string): readonly string[] {
  return team.people.find((person) => person.id === id)?.emails ?? [];
}

function ways(scenario: Scenario): Set<string> {
  return new Set(scenario.repositories.flatMap((repository) => repository.commits.map(({ way }) => way)));
}

describe('makeTeam', () => {
  it('tells the same story for the same seed and day, and another one for another seed', () => {
    expect(makeTeam({ seed: 'test', endDay })).toEqual(team);
    expect(makeTeam({ seed: 'other', endDay })).not.toEqual(team);
  });

  it('tells of a year, twelve people and five repositories in a few thousand commits', () => {
    expect(team.people).toHaveLength(12);
    expect(team.repositories).toHaveLength(5);
    expect(commits.length).toBeGreaterThan(3000);
    expect(commits.length).toBeLessThan(5000);
    expect([team.firstDay, team.lastDay]).toEqual(['2025-11-21', '2026-11-20']);
    for (const { authored } of commits) {
      expect(authored.at).toBeGreaterThanOrEqual(instantOf('Asia/Tokyo', team.firstDay, 0));
      expect(authored.at).toBeLessThan(instantOf(team.zone, addDays(endDay, 1), 0));
    }
    expect(
      new Set(team.repositories.map((repository) => [...ways({ ...team, repositories: [repository] })].join())).size,
    ).toBeGreaterThan(2);
  });

  it('holds for any end of the year, as the demo begins on any day', () => {
    for (const month of [2, 5, 9, 12]) {
      const other = makeTeam({ seed: 'harbor', endDay: `2027-${String(month).padStart(2, '0')}-28` });
      const all = other.repositories.flatMap((repository) => repository.commits);
      expect(all.length).toBeGreaterThan(3000);
      expect(all.length).toBeLessThan(5000);
      for (const way of ['merge', 'squash', 'rebase', 'rename', 'empty-subject', 'automation', 'agent', 'release'])
        expect(ways(other)).toContain(way);
    }
  });

  it('stops where it is told to, and leaves open what was not merged by then', () => {
    const until = instantOf(team.zone, '2026-06-17', 12 * 60);
    const cut = makeTeam({ seed: 'test', endDay, until });
    const open = cut.repositories.flatMap(({ branches }) => Object.keys(branches)).filter((name) => name !== 'main');
    expect(open.length).toBeGreaterThan(3);
    for (const commit of cut.repositories.flatMap((repository) => repository.commits))
      expect(commit.committed.at).toBeLessThan(until);
  });

  it('has only names and addresses that lead nowhere', () => {
    for (const email of team.people.flatMap(({ emails }) => emails))
      expect(email).toMatch(/@(.+\.)?(example\.org|test)$/);
    expect(team.people.some(({ name }) => /\p{Script=Han}/u.test(name))).toBe(true);
    expect(team.people.some(({ name }) => name === 'Łukasz Wróbel')).toBe(true);
  });

  it('leaves weekends, public holidays and vacations mostly free', () => {
    // The night owl's Friday night is a Saturday.
    const others = [...truth.people.values()].filter(({ person }) => person.id !== 'oscar');
    for (const { commits: days } of others) {
      const weekend = [...days].filter(([day]) => weekdayOf(day) > 5).reduce((sum, [, count]) => sum + count, 0);
      expect(weekend / sumOf(days)).toBeLessThan(0.12);
    }
    const mira = truth.people.get('mira');
    const daysOff = Object.keys(mira?.person.daysOff ?? {}).filter((day) => weekdayOf(day) < 6);
    expect(daysOff.length).toBeGreaterThan(15);
    expect(daysOff.filter((day) => mira?.commits.has(day)).length).toBeLessThan(daysOff.length / 4);
    expect(mira?.person.daysOff['2026-04-25']).toBe('Freedom Day');
    expect(mira?.person.daysOff['2026-04-03']).toBe('Good Friday');
  });

  it('is busier in the days before a release', () => {
    const releases = commits
      .filter(({ way }) => way === 'release')
      .map(({ authored }) => localDay(team.zone, authored.at));
    const before = new Set(releases.flatMap((day) => [1, 2, 3].map((back) => addDays(day, -back))));
    const mean = (days: [string, number][]): number => days.reduce((sum, [, count]) => sum + count, 0) / days.length;
    const working = [...truth.workspace].filter(([day]) => weekdayOf(day) < 6);
    const busy = working.filter(([day]) => before.has(day));
    expect(mean(busy)).toBeGreaterThan(1.2 * mean(working.filter(([day]) => !before.has(day))));
    expect(team.repositories.some(({ tags }) => Object.keys(tags).includes('v1.2.0'))).toBe(true);
  });

  it('dates everybody by the clock on their wall, summer time included', () => {
    const offsets = (email: string): Set<number> => new Set(by(email).map(({ authored }) => authored.offsetMinutes));
    expect(offsets('aarav.kulkarni@harbor.test')).toEqual(new Set([330]));
    expect(offsets('mira.solano@harbor.test')).toEqual(new Set([0, 60]));
    expect(offsets('riley.quill@harbor.test')).toEqual(new Set([-300, -240]));
    // In Lisbon it is still the evening before when a Tokyo morning begins: some days differ.
    const hina = by('hina.tanaka@harbor.test').map(({ authored }) => authored.at);
    expect(hina.some((at) => localDay('Asia/Tokyo', at) !== localDay('Europe/Lisbon', at))).toBe(true);
  });

  it('has a night owl whose work falls on the next day', () => {
    const hours = by('oscar.penalver@harbor.test').map(({ authored }) =>
      new Date((authored.at + authored.offsetMinutes * 60) * 1000).getUTCHours(),
    );
    expect(hours.filter((hour) => hour < 4).length).toBeGreaterThan(30);
    expect(hours.filter((hour) => hour >= 6 && hour < 15).length).toBeLessThan(hours.length / 5);
  });

  it('has a bot that changes lock files and an agent as author and as co-author', () => {
    const updates = by(updater.email);
    expect(updates.length).toBeGreaterThan(50);
    for (const { changes } of updates) expect(changes.some(({ leftOut }) => leftOut === 'lockfile')).toBe(true);
    expect(by(codingAgent.email).length).toBeGreaterThan(50);
    expect(by(codingAgent.email).some(({ coAuthors }) => coAuthors.length > 0)).toBe(true);
    expect(commits.filter(({ coAuthors }) => coAuthors.includes(pairingAgent)).length).toBeGreaterThan(20);
    expect(truth.byMachinesAlone).toBeGreaterThan(100);
  });

  it('has merges, and squashed commits by many', () => {
    expect(truth.merges).toBeGreaterThan(100);
    const squashed = commits.filter(({ way }) => way === 'squash');
    expect(squashed.length).toBeGreaterThan(100);
    expect(squashed.some(({ coAuthors }) => coAuthors.length >= 5)).toBe(true);
    for (const { parents } of squashed) expect(parents).toHaveLength(1);
  });

  it('has changes that were made again on top of others: the author’s date stays, who stored it and when is new', () => {
    const rebased = commits.filter(({ way }) => way === 'rebase');
    expect(rebased.length).toBeGreaterThan(100);
    for (const { authored, committed } of rebased) expect(committed.at).toBeGreaterThan(authored.at);
    expect(rebased.some(({ author, committer }) => author.email !== committer.email)).toBe(true);
    expect(
      rebased.some(({ authored, committed }) => localDay('UTC', authored.at) !== localDay('UTC', committed.at)),
    ).toBe(true);
  });

  it('renames files, changes generated and vendored ones, and once says nothing', () => {
    const changes = commits.flatMap((commit) => commit.changes);
    expect(changes.filter(({ previousPath }) => previousPath !== null)).toHaveLength(3);
    expect(new Set(changes.map(({ leftOut }) => leftOut))).toEqual(
      new Set([null, 'lockfile', 'generated', 'vendored']),
    );
    expect(commits.filter(({ subject }) => subject === '').map(renderMessage)).toEqual(['']);
    const languages = new Set(changes.map(({ language }) => language));
    for (const one of ['TypeScript', 'Go', 'Python', 'SQL', 'Markdown', 'HCL', 'Shell', 'YAML'])
      expect(languages).toContain(one);
  });

  it('has two people with a second address, and one who came later', () => {
    for (const id of ['mira', 'jonas']) for (const email of emailsOf(id)) expect(by(email).length).toBeGreaterThan(5);
    expect([...(truth.people.get('noor')?.commits.keys() ?? [])].toSorted()[0]).toMatch(/^2026-04-/);
  });

  it('never has a file of two equal lines, so that lines can be counted by hand', () => {
    for (const { changes } of commits) {
      for (const { lines } of changes) expect(new Set(lines).size).toBe(lines.length);
    }
  });
});

describe('the small scenarios', () => {
  it('tells of sixty days of one person in one repository', () => {
    const solo = makeSolo({ seed: 'test', endDay });
    expect(makeSolo({ seed: 'test', endDay })).toEqual(solo);
    expect(solo.people).toHaveLength(1);
    expect(solo.repositories).toHaveLength(1);
    const alone = countExpectations(solo);
    expect(alone.commits).toBeGreaterThan(50);
    expect(alone.byMachinesAlone).toBe(0);
    expect([...alone.workspace.keys()].every((day) => day >= '2026-09-22' && day <= endDay)).toBe(true);
    expect(alone.people.get('mira')?.commits).toEqual(alone.workspace);
  });

  it('knows a repository without commits', () => {
    expect(makeEmpty({ seed: 'test', endDay }).repositories).toMatchObject([{ commits: [], branches: {} }]);
  });

  it('grows a history of exactly so many commits', () => {
    for (const count of [1, 9, 10, 1234]) expect(growHistory(count).commits).toHaveLength(count);
    expect(growHistory(500)).toEqual(growHistory(500));
    expect(growHistory(500).commits.filter(({ parents }) => parents.length > 1).length).toBeGreaterThan(30);
  });
});

describe('zone-time', () => {
  it('follows the clocks over their changes', () => {
    const before = Date.parse('2026-03-29T00:59:59Z') / 1000;
    expect([offsetAt('Europe/Lisbon', before), offsetAt('Europe/Lisbon', before + 1)]).toEqual([0, 60]);
    expect(offsetAt('Asia/Kolkata', before)).toBe(330);
    expect(instantOf('Europe/Lisbon', '2026-03-29', 12 * 60)).toBe(Date.parse('2026-03-29T11:00:00Z') / 1000);
    expect(instantOf('America/New_York', '2026-11-01', 25 * 60)).toBe(Date.parse('2026-11-02T06:00:00Z') / 1000);
    expect(localDay('Asia/Tokyo', Date.parse('2026-01-31T15:00:00Z') / 1000)).toBe('2026-02-01');
  });
});
