import { type AuditDetail, auditDetails, findAuditDetail } from '@devpulse/contract/audit-details';
import type { AuditChange } from '@devpulse/contract/wire/audit';
import { isId } from '@devpulse/db/ids';

/** Of an entry, what its changes are made from. */
export interface Told {
  action: string;
  before: unknown;
  after: unknown;
}

/** What the ids of people and teams stand for today. */
export type Names = ReadonlyMap<string, string>;

type Members = Readonly<Record<string, unknown>>;

const gone = { person: 'Somebody who is not here any more', team: 'A team that is not here any more' } as const;
const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** What is different since an entry, in words, member by member; values that are the same on both sides are left out. */
export function describeChanges({ action, before, after }: Told, names: Names): AuditChange[] {
  const [old, now] = [asMembers(before), asMembers(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(now)])]
    .map((member) => {
      const detail = findAuditDetail(action, member) ?? { label: spell(member) };
      const write = (members: Members): string | null =>
        Object.hasOwn(members, member) ? writeValue(members[member], detail, names) : null;
      return { what: detail.label, before: write(old), after: write(now) };
    })
    .filter((change) => change.before !== change.after);
}

/** The people and teams that an entry names by their ids. */
export function listNamedIds({ action, before, after }: Told): { people: string[]; teams: string[] } {
  const found = { people: [] as string[], teams: [] as string[] };
  for (const members of [asMembers(before), asMembers(after)])
    for (const [member, value] of Object.entries(members)) {
      const holds = findAuditDetail(action, member)?.holds;
      if (holds !== undefined && typeof value === 'string' && isId(value))
        found[holds === 'person' ? 'people' : 'teams'].push(value);
    }
  return found;
}

/** Members of an entry that nobody wrote down words for. */
export function findWordless({ action, before, after }: Told): string[] {
  const members = Object.keys({ ...asMembers(before), ...asMembers(after) });
  if (!Object.hasOwn(auditDetails, action)) return [`${action} has no table`];
  return members.filter((member) => findAuditDetail(action, member) === null).map((member) => `${action}: ${member}`);
}

function asMembers(value: unknown): Members {
  if (value === null || value === undefined) return {};
  return typeof value === 'object' && !Array.isArray(value) ? (value as Members) : { value };
}

/** An older or newer version may have told what this one has no words for: `expiresAt` is `Expires at`. */
function spell(member: string): string {
  const words = member
    .replaceAll('_', ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function writeValue(value: unknown, detail: AuditDetail, names: Names): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (Array.isArray(value))
    return value.length === 0 ? 'nothing' : value.map((one) => writeValue(one, detail, names)).join(', ');
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (detail.holds !== undefined) return names.get(text) ?? gone[detail.holds];
  if (detail.values !== undefined && Object.hasOwn(detail.values, text)) return detail.values[text] ?? text;
  if (detail.unit === 'weekday') return weekdays[Number(text) - 1] ?? text;
  if (detail.unit === 'minute') return writeMinute(Number(text));
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : text;
}

function writeMinute(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}
