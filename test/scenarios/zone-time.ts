/** The zone of the team's own views, and of the person whose board is shown. */
export const teamZone = 'Europe/Lisbon';

const daySeconds = 86_400;

/** Seconds since 1970 at which a calendar day begins in UTC. */
export function startOfDay(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

/** The day that lies so many days later. */
export function addDays(day: string, days: number): string {
  return new Date((startOfDay(day) + days * daySeconds) * 1000).toISOString().slice(0, 10);
}

/** 1 is Monday, 7 is Sunday. */
export function weekdayOf(day: string): number {
  return ((new Date(startOfDay(day) * 1000).getUTCDay() + 6) % 7) + 1;
}

/** The day that a clock on the wall of that zone shows at an instant. */
export function localDay(zone: string, at: number): string {
  return new Date((at + offsetAt(zone, at) * 60) * 1000).toISOString().slice(0, 10);
}

/** The instant at which a clock on the wall of that zone shows so many minutes after midnight; more than 1,440 is the next day. */
export function instantOf(zone: string, day: string, minutes: number): number {
  const wall = startOfDay(day) + minutes * 60;
  // The offset in force is that of the instant looked for; one more round finds it near a change of the clocks.
  const near = wall - offsetAt(zone, wall) * 60;
  return wall - offsetAt(zone, near) * 60;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const known = new Map<string, number>();
// No zone of ours changes its clocks within a quarter of an hour.
const knownSeconds = 900;

/** Minutes east of UTC in force in a zone at an instant. */
export function offsetAt(zone: string, at: number): number {
  const key = `${zone} ${Math.floor(at / knownSeconds)}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const format = formats.get(zone) ?? openFormat(zone);
  const start = Math.floor(at / knownSeconds) * knownSeconds;
  const part = new Map(format.formatToParts(new Date(start * 1000)).map(({ type, value }) => [type, Number(value)]));
  const read = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0;
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'));
  const offset = (wall / 1000 - start) / 60;
  known.set(key, offset);
  return offset;
}

function openFormat(zone: string): Intl.DateTimeFormat {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  formats.set(zone, format);
  return format;
}
