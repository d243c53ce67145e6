import type { SourcePlan, SourceView } from '@devpulse/contract/wire/sources';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount, formatValue } from '@devpulse/ui/format/format-number';

type Monitored = Pick<SourceView, 'state' | 'monitor'>;

/** `every 5 minutes`. */
export function describeInterval(seconds: number): string {
  if (seconds < 90) return 'every minute';
  if (seconds < 3_600) return `every ${Math.round(seconds / 60)} minutes`;
  const hours = Math.round(seconds / 3_600);
  if (hours >= 24) return 'once a day';
  return hours === 1 ? 'every hour' : `every ${hours} hours`;
}

/** When it is looked at next, and why then. */
export function describeNextLook({ state, monitor }: Monitored, zone: string, now: Date): string {
  const at = (instant: string): string => formatInstant(instant, zone, now);
  if (state === 'paused') return 'not before it is resumed';
  if (state === 'reading') return 'now';
  const { waitingUntil, nextLookAt, failures } = monitor;
  if (waitingUntil !== null && new Date(waitingUntil) > now) return `${at(waitingUntil)}, as GitHub asked`;
  const when = new Date(nextLookAt) <= now ? 'within a minute' : at(nextLookAt);
  return failures === 0 ? when : `${when}; each failure makes the wait longer, ${formatCount(failures)} in a row`;
}

/** How often, for a line of a list. */
export function describePace({ state, monitor }: Monitored, zone: string, now: Date): string {
  if (state === 'paused') return 'not looked at';
  if (state === 'reading') return describeInterval(monitor.everySeconds);
  const next = describeNextLook({ state, monitor: { ...monitor, failures: 0 } }, zone, now);
  if (monitor.failures > 0) return `tried again ${next === 'within a minute' ? next : `at ${next}`}`;
  return `${describeInterval(monitor.everySeconds)}, next ${next}`;
}

const kinds: Readonly<Record<string, string>> = {
  commits: 'Commits',
  pulls: 'Pull requests',
  issues: 'Issues',
  discussions: 'Discussions',
  comments: 'Comments',
  'review-comments': 'Comments on code',
  'commit-comments': 'Comments on commits',
  releases: 'Releases',
  deployments: 'Deployments',
  runs: 'Workflow runs',
  stars: 'Stars',
  forks: 'Forks',
  'pull-files': 'Files of pull requests',
  'commit-files': 'Files of commits',
};

/** `Pull requests`. */
export function nameKind(kind: string): string {
  return kinds[kind] ?? kind;
}

/** What a plan takes, and what an App would make of it. */
export function describePlan(plan: Pick<SourcePlan, 'cost' | 'limit' | 'hours' | 'app'>): string {
  const takes = `About ${formatCount(plan.cost)} requests and points: ${describeHours(plan.hours)} at ${formatCount(plan.limit)} an hour.`;
  if (plan.app === null) return takes;
  const gain = plan.app.hours < plan.hours ? `, ${describeHours(plan.app.hours)}` : '';
  return `${takes} A GitHub App has a budget of its own: ${formatCount(plan.app.limit)} an hour${gain}.`;
}

function describeHours(hours: number): string {
  return hours < 0.1 ? 'a few minutes' : `at least ${formatValue(hours, 'hours')}`;
}

/** Fewer say nothing of how fast it goes. */
const steadyAfter = { ms: 20_000, items: 20 };

/** How fast a reading goes and what is left of it; null until that is steady. */
export function describeRate(
  progress: NonNullable<SourceView['progress']>,
  now: Date,
): { rate: string; rest: string | null } | null {
  const { done, total, since } = progress;
  if (since === undefined) return null;
  const ms = now.getTime() - new Date(since).getTime();
  if (ms < steadyAfter.ms || done < steadyAfter.items) return null;
  const aMinute = done / (ms / 60_000);
  const rate = `${formatCount(Math.round(aMinute))} a minute`;
  if (total === null || total <= done) return { rate, rest: null };
  const minutes = Math.max(1, Math.round((total - done) / aMinute));
  return { rate, rest: `about ${formatValue(minutes, 'minutes')} to go` };
}
