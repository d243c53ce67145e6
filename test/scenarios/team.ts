import { blueprints } from './blueprints.ts';
import { codingAgent, pairingAgent, team, updater, webEditor } from './cast.ts';
import type { Scenario } from './history.ts';
import { planDaysOff, planMoments, type Span } from './plan-days.ts';
import { busynessOf, planEvents } from './plan-events.ts';
import { Random } from './random.ts';
import { TeamStory } from './tell-team-year.ts';
import { addDays, instantOf, startOfDay, teamZone } from './zone-time.ts';

const daysOfYear = 365;

/** What a scenario is made from. */
export interface ScenarioSeed {
  seed: string;
  /** The last day of the story, for example `2026-11-20`. */
  endDay: string;
  /** Seconds since 1970 before which everything happened; the end of the last day when left out. */
  until?: number;
}

/** A year of a person and the eleven others of a team, over five repositories. */
export function makeTeam({ seed, endDay, until }: ScenarioSeed): Scenario {
  const span: Span = { firstDay: addDays(endDay, 1 - daysOfYear), lastDay: endDay };
  const random = new Random(seed);
  const busyness = busynessOf(blueprints, span);
  const planned = team.map((member) => {
    const own = random.fork(`days of ${member.id}`);
    const daysOff = planDaysOff(member, span, own);
    return { member, daysOff, moments: planMoments(member, { ...span, daysOff, busyness, random: own }) };
  });
  const story = new TeamStory({ cast: team, blueprints, begins: startOfDay(span.firstDay) }, random.fork('story'));
  story.tell(
    planned.flatMap(({ moments }) => moments),
    planEvents(blueprints, span, random.fork('events')),
    until ?? instantOf(teamZone, addDays(endDay, 1), 0),
  );
  return {
    id: 'team',
    zone: teamZone,
    ...span,
    self: 'mira',
    people: planned.map(({ member: { id, name, emails, zone }, daysOff }) => ({ id, name, emails, zone, daysOff })),
    machines: { automation: [updater, webEditor], agent: [codingAgent, pairingAgent] },
    repositories: [...story.repositories.values()].map((repository) => repository.finish()),
  };
}
