import type { Member } from './cast.ts';
import { holidayOn } from './public-holidays.ts';
import type { Random } from './random.ts';
import { addDays, instantOf, startOfDay, weekdayOf } from './zone-time.ts';

/** A moment at which somebody finishes a piece of work. */
export interface WorkMoment {
  member: Member;
  at: number;
  /** A weekend, a holiday or a vacation by the member's own calendar. */
  isDayOff: boolean;
}

/** The first and the last day of a story. */
export interface Span {
  firstDay: string;
  lastDay: string;
}

/** Public holidays and vacations of somebody, by day. */
export function planDaysOff(member: Member, span: Span, random: Random): Record<string, string> {
  const daysOff: Record<string, string> = {};
  const length = (startOfDay(span.lastDay) - startOfDay(span.firstDay)) / 86_400;
  for (const [name, at, days] of [
    ['Vacation', random.int(35, 130), random.int(5, 8)],
    ['Summer vacation', random.int(170, 260), random.int(9, 16)],
    ['Vacation', random.int(290, 340), random.int(4, 7)],
  ] as const) {
    for (let day = at; day < at + days && day < length - 3; day += 1) daysOff[addDays(span.firstDay, day)] = name;
  }
  for (let day = span.firstDay; day <= span.lastDay; day = addDays(day, 1)) {
    const holiday = holidayOn(member.region, day);
    if (holiday !== null) daysOff[day] = holiday;
  }
  return daysOff;
}

interface PlanOptions extends Span {
  daysOff: Readonly<Record<string, string>>;
  /** How much more than usual is done on a day, for example before a release. */
  busyness(day: string): number;
  random: Random;
}

/** All moments of work of one member, in order. */
export function planMoments(member: Member, options: PlanOptions): WorkMoment[] {
  const { random } = options;
  const joined = addDays(options.firstDay, member.joins ?? 0);
  const moments: WorkMoment[] = [];
  for (let day = options.firstDay; day <= options.lastDay; day = addDays(day, 1)) {
    if (day < joined) continue;
    const isDayOff = weekdayOf(day) > 5 || options.daysOff[day] !== undefined;
    const count = countOn(member, day, isDayOff, options);
    for (let done = 0; done < count; done += 1) {
      moments.push({ member, at: instantOf(member.zone, day, minuteOf(member, random)) + random.int(0, 59), isDayOff });
    }
  }
  return moments.toSorted((a, b) => a.at - b.at);
}

function countOn(member: Member, day: string, isDayOff: boolean, options: PlanOptions): number {
  const { random } = options;
  if (options.daysOff[day] !== undefined) return random.chance(0.01) ? 1 : 0;
  if (isDayOff) return random.chance(member.weekend) ? random.int(1, 2) : 0;
  // Some days are all meetings, and few are made of nothing but code.
  if (random.chance(0.12)) return 0;
  const mean = member.pace * options.busyness(day);
  return Math.max(0, Math.round(mean + random.bell() * mean * 0.7));
}

/** Most work lies before and after noon; what falls outside the hours is drawn back to them. */
function minuteOf(member: Member, random: Random): number {
  const [start, end] = member.hours;
  const share = random.chance(0.48) ? 0.28 + random.bell() * 0.16 : 0.7 + random.bell() * 0.2;
  return Math.round((start + Math.min(1, Math.max(0, share)) * (end - start)) * 60);
}
