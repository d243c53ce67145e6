import { eventActions, type Tells } from '../actions.ts';

/** The table of events as the README shows it: one line for the actions of an event that tell the same. */
export function describeEvents(): string[] {
  return [...eventActions].flatMap(([event, actions]) => {
    const byTelling = new Map<string, string[]>();
    for (const [action, tells] of actions) {
      const telling = describe(tells);
      byTelling.set(telling, [...(byTelling.get(telling) ?? []), action]);
    }
    return [...byTelling].map(
      ([telling, names]) => `| \`${event}\` | ${names.map(nameAction).join(', ')} | ${telling} |`,
    );
  });
}

function nameAction(action: string): string {
  return action === '' ? '' : action === '*' ? 'any' : action;
}

function describe(tells: Tells): string {
  if ('none' in tells) return `nothing: ${tells.none}`;
  const sometimes = (tells.sometimes ?? []).map((fact) => `perhaps ${fact}`);
  return [...tells.tells, ...sometimes].join(', ');
}
