import { codingAgent, updater } from './cast.ts';
import type { Blueprint } from './blueprints.ts';
import { drawWords, makeSubject } from './line-makers.ts';
import type { Span } from './plan-days.ts';
import type { Random } from './random.ts';
import { dateOf, machineDraft, type PlannedEvent, signatureOf } from './tell-team-year.ts';
import { addDays, instantOf, startOfDay, weekdayOf } from './zone-time.ts';

/** The days on which a repository is released, moved to a Thursday where they would fall on a quiet day. */
function releaseDays({ releases }: Blueprint, span: Span): string[] {
  if (releases === null) return [];
  const days: string[] = [];
  for (let at = releases.first; ; at += releases.every) {
    const day = addDays(span.firstDay, at);
    const weekday = weekdayOf(day);
    const moved = weekday > 4 ? addDays(day, 4 - weekday) : day;
    if (moved > span.lastDay) return days;
    days.push(moved);
  }
}

/** More is done in the week before a release. */
export function busynessOf(blueprints: readonly Blueprint[], span: Span): (day: string) => number {
  const busy = new Map<string, number>();
  for (const day of blueprints.flatMap((blueprint) => releaseDays(blueprint, span))) {
    for (let before = 0; before < 6; before += 1) busy.set(addDays(day, -before), 1.35);
  }
  return (day) => busy.get(day) ?? 0.66;
}

/** Releases, machines and the odd things that happen once. */
export function planEvents(blueprints: readonly Blueprint[], span: Span, random: Random): PlannedEvent[] {
  return [
    ...blueprints.flatMap((blueprint) => [
      ...planReleases(blueprint, span),
      ...planUpdates(blueprint, span, random.fork(`updates of ${blueprint.name}`)),
    ]),
    ...['harbor-web', 'harbor-api'].flatMap((name) => planAgent(name, span, random.fork(`agent in ${name}`))),
    ...planRenames(span),
    planEmptySubject(span),
  ];
}

function planReleases(blueprint: Blueprint, span: Span): PlannedEvent[] {
  const planned = releaseDays(blueprint, span).map((day) => instantOf('Europe/Lisbon', day, 15 * 60 + 30));
  return planned.map((at, index) => ({
    at,
    happen: (story) => {
      const repository = story.repository(blueprint.name);
      const manager = story.membersOf(blueprint.name, at)[0];
      if (manager === undefined) return;
      const version = `v1.${index + 1}.0`;
      const draft = { author: signatureOf(manager), authored: dateOf(manager, at), subject: `Release ${version}` };
      repository.commit({ ...draft, way: 'release' }, [
        repository.drawLines({ path: 'CHANGELOG.md', language: 'Markdown' }, 4),
        repository.drawLines(blueprint.manifest, 1),
      ]);
      repository.tag(version);
    },
  }));
}

function planUpdates(blueprint: Blueprint, span: Span, random: Random): PlannedEvent[] {
  const { lockfile } = blueprint;
  if (lockfile === null) return [];
  const events: PlannedEvent[] = [];
  for (let day = span.firstDay; day <= span.lastDay; day = addDays(day, 1)) {
    if (weekdayOf(day) !== 1) continue;
    for (let count = random.int(0, 2); count > 0; count -= 1) {
      const at = startOfDay(day) + random.int(5 * 3600, 6 * 3600);
      const { noun, amount } = drawWords(random);
      const subject = `Bump ${noun}-kit from 3.${amount}.0 to 3.${amount + 1}.0`;
      events.push({
        at,
        happen: (story) => {
          const repository = story.repository(blueprint.name);
          const lines = repository.drawLines(lockfile, 2 + (amount % 7), 'lockfile');
          repository.commit(machineDraft(updater, at, subject), [lines, repository.drawLines(blueprint.manifest, 1)]);
        },
      });
    }
  }
  return events;
}

function planAgent(name: string, span: Span, random: Random): PlannedEvent[] {
  const events: PlannedEvent[] = [];
  for (let day = span.firstDay; day <= span.lastDay; day = addDays(day, 1)) {
    if ((weekdayOf(day) !== 2 && weekdayOf(day) !== 4) || !random.chance(0.55)) continue;
    const at = startOfDay(day) + random.int(10 * 3600, 16 * 3600);
    const subject = makeSubject(random);
    const isAsked = random.chance(0.35);
    events.push({
      at,
      happen: (story) => {
        const repository = story.repository(name);
        // Who asked for it is named; that credits the person, while the agent wrote the lines.
        const asking = story.membersOf(name, at)[0];
        const coAuthors = isAsked && asking !== undefined ? [signatureOf(asking)] : [];
        repository.commit({ ...machineDraft(codingAgent, at, subject), coAuthors }, repository.drawEdits());
      },
    });
  }
  return events;
}

function planRenames(span: Span): PlannedEvent[] {
  return (['harbor-web', 'harbor-api', 'harbor-data'] as const).map((name, index) => {
    const at = instantOf('Europe/Lisbon', addDays(span.firstDay, 120 + 50 * index), 11 * 60);
    return {
      at,
      happen: (story) => {
        const repository = story.repository(name);
        const member = story.membersOf(name, at)[0];
        const from = repository.paths.find((path) => path.startsWith(`${repository.blueprint.areas[0]?.folder}/`));
        if (member === undefined || from === undefined) return;
        const to = from.replace(/\/([^/]+)$/, '/shared-$1');
        const draft = { author: signatureOf(member), authored: dateOf(member, at), subject: `Rename ${from}` };
        repository.rename({ ...draft, way: 'rename' }, from, to);
      },
    };
  });
}

function planEmptySubject(span: Span): PlannedEvent {
  const at = instantOf('America/New_York', addDays(span.firstDay, 222), 16 * 60 + 44);
  return {
    at,
    happen: (story) => {
      const repository = story.repository('harbor-infra');
      const member = story.membersOf('harbor-infra', at).find(({ id }) => id === 'riley');
      if (member === undefined) return;
      const draft = { author: signatureOf(member), authored: dateOf(member, at), subject: '' };
      repository.commit({ ...draft, way: 'empty-subject' }, repository.drawEdits());
    },
  };
}
