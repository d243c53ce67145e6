import type { AuditEntry } from '@devpulse/contract/wire/audit';
import { formatFullDay } from '@devpulse/ui/format/format-day';
import { splitInstant } from '@devpulse/ui/format/format-instant';

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

type Changed = Pick<AuditEntry, 'before' | 'after' | 'about'>;

/** What is different now, member by member; values that are the same on both sides are left out. */
export function listChanges({ before, after, about }: Changed, zone: string): Change[] {
  const [old, now] = [asMembers(before, about), asMembers(after, about)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return names
    .map((name) => ({
      what: nameMember(name),
      before: name in old ? writeValue(old[name], zone) : null,
      after: name in now ? writeValue(now[name], zone) : null,
    }))
    .filter((change) => change.before !== change.after);
}

/** The change in a line, where there is only one or two: `role: member → admin`. Ids are for the detail alone; whom it is about is said already. */
export function sumUpChanges(entry: Changed, zone: string): string {
  return listChanges(entry, zone)
    .filter(
      ({ what, before, after }) => !uuid.test(before ?? after ?? '') && (entry.about === null || what !== 'person'),
    )
    .slice(0, 2)
    .map(({ what, before, after }) => {
      if (before !== null && after !== null) return `${what}: ${before} → ${after}`;
      return after === null ? `${what} was ${before ?? ''}` : `${what}: ${after}`;
    })
    .join(' · ');
}

/** The members of a value; the id of whom it is about is their name. */
function asMembers(value: unknown, about: AuditEntry['about']): Record<string, unknown> {
  if (value === null || value === undefined) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return { value };
  const { personId, ...others } = value as Record<string, unknown>;
  if (personId === undefined) return others;
  return about !== null && personId === about.personId ? { person: about.name, ...others } : { personId, ...others };
}

/** `expiresAt` is `expires at`. */
function nameMember(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
}

function writeValue(value: unknown, zone: string): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value))
    return value.length === 0 ? 'nothing' : value.map((one) => writeValue(one, zone)).join(', ');
  if (typeof value === 'string' && instant.test(value)) {
    const { day, time } = splitInstant(value, zone);
    return `${formatFullDay(day)}, ${time}`;
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
