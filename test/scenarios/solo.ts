import { blueprints } from './blueprints.ts';
import { team } from './cast.ts';
import type { Scenario } from './history.ts';
import { planDaysOff, planMoments, type Span } from './plan-days.ts';
import { Random } from './random.ts';
import type { ScenarioSeed } from './team.ts';
import { TeamStory } from './tell-team-year.ts';
import { addDays, instantOf, startOfDay, teamZone } from './zone-time.ts';

const days = 60;

/** Sixty days of one person in one repository, without machines. */
export function makeSolo({ seed, endDay, until }: ScenarioSeed): Scenario {
  const span: Span = { firstDay: addDays(endDay, 1 - days), lastDay: endDay };
  const random = new Random(seed);
  const cast = team
    .filter(({ id }) => id === 'mira')
    .map((member) => ({ ...member, withAgent: 0, repositories: { 'harbor-web': 1 } }));
  const planned = cast.map((member) => {
    const own = random.fork('days');
    const daysOff = planDaysOff(member, span, own);
    return { member, daysOff, moments: planMoments(member, { ...span, daysOff, busyness: () => 1, random: own }) };
  });
  const story = new TeamStory(
    { cast, blueprints: blueprints.filter(({ name }) => name === 'harbor-web'), begins: startOfDay(span.firstDay) },
    random.fork('story'),
  );
  const end = until ?? instantOf(teamZone, addDays(endDay, 1), 0);
  story.tell(
    planned.flatMap(({ moments }) => moments),
    [],
    end,
  );
  return {
    id: 'solo',
    zone: teamZone,
    ...span,
    self: 'mira',
    people: planned.map(({ member: { id, name, emails, zone }, daysOff }) => ({ id, name, emails, zone, daysOff })),
    machines: { automation: [], agent: [] },
    repositories: [...story.repositories.values()].map((repository) => repository.finish()),
  };
}
