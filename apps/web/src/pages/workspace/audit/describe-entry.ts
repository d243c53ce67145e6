import type { AuditEntry } from '@devpulse/contract/wire/audit';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';
import { isDay } from '../../../range/days.ts';

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;
const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;

/** One thing that is different now. */
export interface Change {
  what: string;
  before: string | null;
  after: string | null;
}

const programs: Partial<Record<AuditEntry['actor']['via'], string>> = {
  'command line': 'Somebody at the command line',
  system: 'DevPulse itself',
  nobody: 'Somebody who was not signed in',
};

const ways: Partial<Record<AuditEntry['actor']['via'], string>> = {
  session: 'in the browser',
  token: 'with an API token',
  device: 'from a paired device',
};

/** Who did it. */
export function describeActor({ actor, isErased }: AuditEntry): string {
  if (isErased) return 'Somebody who has deleted their account';
  if (actor.name !== null) return actor.name;
  if (actor.personId === null && actor.accountId === null) return programs[actor.via] ?? 'Somebody';
  return actor.personId === null ? 'The holder of an account' : 'Somebody who is not here any more';
}

/** By which way and from where; an empty text where nothing is known of it. */
export function describeWay({ actor, address }: AuditEntry): string {
  return [ways[actor.via] ?? '', address === null ? '' : `from ${address}`].filter((part) => part !== '').join(', ');
}

/** What was done, and to what. */
export function describeAct(entry: AuditEntry): string {
  const { target, title, about } = entry;
  const itself = target?.kind === 'person' && target.id === entry.actor.personId;
  const names = [about?.name, itself ? null : target?.name].filter((name) => name !== null && name !== undefined);
  return names.length === 0 ? title : `${title}: ${names.join(', ')}`;
}

type Changed = Pick<AuditEntry, 'changes'>;

/** What is different now, with points in time as this person's clock has them. */
export function listChanges({ changes }: Changed, zone: string): Change[] {
  const write = (value: string | null): string | null => (value === null ? null : writeInstant(value, zone));
  return changes.map(({ what, before, after }) => ({
    what: isDay(what) ? formatFullDay(what) : what,
    before: write(before),
    after: write(after),
  }));
}

/** The change in a line, where there is only one or two: `Role: Member → Admin`. Ids are for the detail alone; whom it is about is said already. */
export function sumUpChanges(entry: Pick<AuditEntry, 'changes' | 'about'>, zone: string): string {
  return listChanges(entry, zone)
    .filter(
      ({ before, after }) => !uuid.test(before ?? after ?? '') && (entry.about === null || after !== entry.about.name),
    )
    .slice(0, 2)
    .map(({ what, before, after }) => {
      if (before !== null && after !== null) return `${what}: ${before} → ${after}`;
      return after === null ? `${what} was ${before ?? ''}` : `${what}: ${after}`;
    })
    .join(' · ');
}

function writeInstant(value: string, zone: string): string {
  if (isDay(value)) return formatFullDay(value);
  if (!instant.test(value)) return value;
  const { day, time } = splitInstant(value, zone);
  return `${formatFullDay(day)}, ${time}`;
}
