import type { IdentityRef } from '@devpulse/contract/facts';
import { githubAccountKey } from '@devpulse/contract/github-account';
import { z } from 'zod';
import { account, toIdentity } from './accounts.ts';
import { labelName } from './read-pulls.ts';
import { id, instant, readShape, sha } from './read-shape.ts';
import { type FactOf, seenAtOf, type Told } from './told.ts';

type MomentFact = FactOf<'moment'>;
type Moment = FactOf<'timeline'>['moments'][number];
type Kind = Moment['kind'];

/** Whom or what a moment is about. */
const subjects = {
  nothing: z.unknown().transform(() => ''),
  assignee: z
    .object({ assignee: account })
    .transform(({ assignee }) => (assignee === null ? null : `user:${assignee.id}`)),
  label: z.object({ label: z.object({ name: labelName }).nullish() }).transform(({ label }) => label?.name ?? null),
  reviewer: z
    .object({ requested_reviewer: account, requested_team: z.object({ id }).nullish() })
    .transform(({ requested_reviewer: user, requested_team: team }) =>
      user !== null ? `user:${user.id}` : team !== null && team !== undefined ? `team:${team.id}` : null,
    ),
  head: z
    .object({ after: sha.nullish(), pull_request: z.object({ head: z.object({ sha }) }).nullish() })
    .transform(({ after, pull_request: pull }) => after ?? pull?.head.sha ?? null),
} as const;
type Subject = keyof typeof subjects;

interface Rule {
  kind: Kind;
  about: Subject;
}

/** What each action of an event about a thread means as a moment. `closed` of what was merged is `merged`. */
const live: ReadonlyMap<string, Rule> = new Map([
  ['ready_for_review', { kind: 'ready', about: 'nothing' }],
  ['converted_to_draft', { kind: 'draft', about: 'nothing' }],
  ['review_requested', { kind: 'review_requested', about: 'reviewer' }],
  ['review_request_removed', { kind: 'review_request_removed', about: 'reviewer' }],
  ['closed', { kind: 'closed', about: 'nothing' }],
  ['reopened', { kind: 'reopened', about: 'nothing' }],
  ['synchronize', { kind: 'head_pushed', about: 'head' }],
  ['enqueued', { kind: 'queued', about: 'nothing' }],
  ['dequeued', { kind: 'unqueued', about: 'nothing' }],
  ['auto_merge_enabled', { kind: 'auto_merge_on', about: 'nothing' }],
  ['auto_merge_disabled', { kind: 'auto_merge_off', about: 'nothing' }],
  ['assigned', { kind: 'assigned', about: 'assignee' }],
  ['unassigned', { kind: 'unassigned', about: 'assignee' }],
  ['labeled', { kind: 'labeled', about: 'label' }],
  ['unlabeled', { kind: 'unlabeled', about: 'label' }],
]);

/** The same in a timeline, whose words are others in part. Pushes are not in it. */
const inTimeline: ReadonlyMap<string, Rule> = new Map([
  ...[...live].filter(([, rule]) => rule.kind !== 'head_pushed'),
  ['convert_to_draft', { kind: 'draft', about: 'nothing' }],
  ['merged', { kind: 'merged', about: 'nothing' }],
  ['added_to_merge_queue', { kind: 'queued', about: 'nothing' }],
  ['removed_from_merge_queue', { kind: 'unqueued', about: 'nothing' }],
  ['auto_squash_enabled', { kind: 'auto_merge_on', about: 'nothing' }],
  ['auto_rebase_enabled', { kind: 'auto_merge_on', about: 'nothing' }],
]);

/** A thread as the fact beside the moment tells it. */
interface Thread {
  number: number;
  updatedAt: string;
  closedAt: string | null;
  mergedAt?: string | null;
}

/** The moment that a live event tells, if it tells one. Whoever sent the event did it: that is what a sender is. */
export function readMoment(told: Told, body: object, thread: Thread): MomentFact[] {
  const { action, sender } = readShape(z.object({ action: z.string(), sender: account }), body, 'the body');
  const rule = live.get(action);
  const subject = rule === undefined ? null : readSubject(told.host, rule.about, body);
  // Which reviewer, label or head it was is the whole of it: without that there is nothing to tell.
  if (rule === undefined || subject === null) return [];
  const isMerged = rule.kind === 'closed' && typeof thread.mergedAt === 'string';
  const endedAt = rule.kind === 'closed' ? (thread.mergedAt ?? thread.closedAt) : null;
  return [
    {
      fact: 'moment',
      repository: told.repository,
      number: thread.number,
      kind: isMerged ? 'merged' : rule.kind,
      at: endedAt ?? thread.updatedAt,
      actor: sender === null ? null : toIdentity(told.host, sender),
      subject,
    },
  ];
}

function readSubject(host: string, about: Subject, value: unknown): string | null {
  const subject = readShape(subjects[about], value, 'the body');
  const match = about === 'reviewer' || about === 'assignee' ? /^(user|team):(\d+)$/.exec(subject ?? '') : null;
  return match === null ? subject : `${match[1]}:${githubAccountKey(host, match[2] ?? '')}`;
}

const timeline = z.array(z.looseObject({ event: z.string().optional() }));
const entry = z.object({ created_at: instant, actor: account });
const momentsMax = 5000;

/** Every moment of a thread up to `asOf`: what came while the pages were read belongs to the next look. */
export function readTimeline(told: Told, data: unknown, extra: { number: number; asOf: string }): FactOf<'timeline'> {
  const asOf = readShape(instant, extra.asOf, 'asOf');
  const moments = readShape(timeline, data, 'data').flatMap((event): Moment[] => {
    const rule = inTimeline.get(event.event ?? '');
    const subject = rule === undefined ? null : readSubject(told.host, rule.about, event);
    if (rule === undefined || subject === null) return [];
    const { created_at: at, actor } = readShape(entry, event, 'data');
    return [{ kind: rule.kind, at, actor: actor === null ? null : toIdentity(told.host, actor), subject }];
  });
  const known = withoutDoubles(withoutClosingOfMerge(moments)).filter(({ at }) => at <= asOf);
  return {
    fact: 'timeline',
    repository: told.repository,
    number: extra.number,
    asOf,
    seenAt: seenAtOf(told, asOf),
    moments: known.slice(-momentsMax),
  };
}

/** A merge closes as well; what is merged cannot be reopened, so the last closing is the merge's own. */
function withoutClosingOfMerge(moments: Moment[]): Moment[] {
  const sorted = moments.toSorted(byTime);
  if (!sorted.some(({ kind }) => kind === 'merged')) return sorted;
  const last = sorted.findLastIndex(({ kind }) => kind === 'closed');
  const isReopened = sorted.findLastIndex(({ kind }) => kind === 'reopened') > last;
  return isReopened ? sorted : sorted.filter((_, at) => at !== last);
}

function withoutDoubles(moments: Moment[]): Moment[] {
  const seen = new Set<string>();
  return moments.filter(({ kind, at, subject, actor }) => {
    const key = JSON.stringify([kind, at, subject, identityOf(actor)]);
    return seen.has(key) ? false : seen.add(key);
  });
}

function byTime(a: Moment, b: Moment): number {
  const [one, other] = [a, b].map(({ at, kind, subject }) => `${at} ${kind} ${subject}`) as [string, string];
  return one < other ? -1 : one > other ? 1 : 0;
}

function identityOf(actor: IdentityRef | null): string {
  return actor?.externalId ?? actor?.login ?? '';
}
