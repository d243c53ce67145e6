import type { Scenario } from './history.ts';
import type { ScenarioSeed } from './team.ts';
import { teamZone } from './zone-time.ts';

/** A repository in which nobody has committed anything yet. */
export function makeEmpty({ endDay }: ScenarioSeed): Scenario {
  return {
    id: 'empty',
    zone: teamZone,
    firstDay: endDay,
    lastDay: endDay,
    self: 'mira',
    people: [{ id: 'mira', name: 'Mira Solano', emails: ['mira.solano@harbor.test'], zone: teamZone, daysOff: {} }],
    machines: { automation: [], agent: [] },
    repositories: [{ name: 'harbor-new', commits: [], branches: {}, tags: {} }],
  };
}
