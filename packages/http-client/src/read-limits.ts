import type { Heard, LimitAnswer, Quota, Resource } from './governor.ts';

const resourcePattern = /^[a-z][a-z_]{0,39}$/;
const tooFast = /secondary rate limit|abuse detection|rate limit|too many requests|number of login attempts/i;
const quotaGone = /API rate limit exceeded/i;
// The longest time for which a source counts.
const windowMs = 3_600_000;

/** What an answer says of limits. Waits are measured by the source's own clock: ours may be wrong. */
export function readLimits(answer: {
  status: number;
  headers: Headers;
  /** The `message` of the answer, or of its errors. */
  message: string;
  resource: Resource;
}): Heard {
  const quota = readQuota(answer.headers, answer.resource);
  return { quota, limited: readLimitAnswer(answer, quota) };
}

function readLimitAnswer(
  { status, headers, message }: { status: number; headers: Headers; message: string },
  quota: Quota | null,
): LimitAnswer | null {
  if (status !== 403 && status !== 429) return null;
  const retryAfterMs = readRetryAfter(headers);
  if (retryAfterMs !== null) return { kind: 'pace', retryAfterMs };
  if (quota !== null && (quota.left === 0 || quotaGone.test(message))) return { kind: 'quota', retryAfterMs: null };
  return status === 429 || tooFast.test(message) ? { kind: 'pace', retryAfterMs: null } : null;
}

/** Is that an error of limits? For answers of 200 that are none, too. */
export function isLimitMessage(message: string): boolean {
  return tooFast.test(message);
}

function readQuota(headers: Headers, asked: Resource): Quota | null {
  const limit = readCount(headers.get('x-ratelimit-limit'));
  const left = readCount(headers.get('x-ratelimit-remaining'));
  if (limit === null || left === null) return null;
  const named = headers.get('x-ratelimit-resource') ?? '';
  const resetAt = readCount(headers.get('x-ratelimit-reset'));
  const clock = readClock(headers);
  return {
    resource: resourcePattern.test(named) ? named : asked,
    limit,
    left: Math.min(left, limit),
    resetAt,
    resetInMs: readResetIn(resetAt, clock),
  };
}

/** How long until then by the source's own clock. Where it told no time it may be as long as it ever is. */
export function readResetIn(resetAt: number | null, clock: Date | null): number | null {
  if (resetAt === null) return null;
  return clock === null ? windowMs : resetAt * 1000 - clock.getTime();
}

/** The source's own clock; null where it did not tell. */
export function readClock(headers: Headers): Date | null {
  return readDate(headers.get('date'));
}

/** A number of seconds, or a date, which counts from the source's own clock; null where there is none that can be read. */
function readRetryAfter(headers: Headers): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  const seconds = readCount(text);
  if (seconds !== null) return seconds * 1000;
  const until = readDate(text);
  const clock = readClock(headers);
  return until === null || clock === null ? null : Math.max(0, until.getTime() - clock.getTime());
}

function readDate(text: string | null): Date | null {
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : new Date(at);
}

function readCount(text: string | null): number | null {
  return text !== null && /^\d{1,15}$/.test(text.trim()) ? Number(text) : null;
}
