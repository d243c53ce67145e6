import { describe, expect, it } from 'vitest';
import { readLimits } from './read-limits.ts';

const date = 'Tue, 03 Feb 2026 10:00:00 GMT';
const atSource = Date.parse(date) / 1000;
const read = (status: number, headers: Record<string, string>, message = '') =>
  readLimits({ status, headers: new Headers(headers), message, resource: 'core' });

describe('readLimits', () => {
  it('measures waits by the source’s own clock', () => {
    const headers = {
      date,
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '4321',
      'x-ratelimit-reset': String(atSource + 90),
      'x-ratelimit-resource': 'search',
    };
    expect(read(200, headers)).toEqual({
      quota: { resource: 'search', limit: 5000, left: 4321, resetAt: atSource + 90, resetInMs: 90_000 },
      limited: null,
    });
  });

  it.each<[string, Record<string, string>, number | null]>([
    ['a reset in the past', { date, 'x-ratelimit-reset': String(atSource - 600) }, -600_000],
    ['no reset', { date }, null],
    ['a blank one', { date, 'x-ratelimit-reset': '' }, null],
    ['an odd one', { date, 'x-ratelimit-reset': '-5' }, null],
    ['no time of its own', { 'x-ratelimit-reset': '1770116400' }, 3_600_000],
    ['a time that is none', { date: 'soon', 'x-ratelimit-reset': '1770116400' }, 3_600_000],
  ])('knows what to make of %s', (_title, headers, resetInMs) => {
    const limits = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0', ...headers };
    expect(read(200, limits).quota?.resetInMs).toBe(resetInMs);
  });

  const used = { 'x-ratelimit-limit': '60', 'x-ratelimit-remaining': '0' };
  it.each<[number, Record<string, string>, string, unknown]>([
    [429, {}, '', { kind: 'pace', retryAfterMs: null }],
    [403, { 'retry-after': '7' }, '', { kind: 'pace', retryAfterMs: 7000 }],
    [429, { date, 'retry-after': 'Tue, 03 Feb 2026 10:02:00 GMT' }, '', { kind: 'pace', retryAfterMs: 120_000 }],
    [429, { date, 'retry-after': 'Tue, 03 Feb 2026 09:00:00 GMT' }, '', { kind: 'pace', retryAfterMs: 0 }],
    [429, { 'retry-after': 'Tue, 03 Feb 2026 10:02:00 GMT' }, '', { kind: 'pace', retryAfterMs: null }],
    [403, { 'retry-after': '' }, 'You have exceeded a secondary rate limit', { kind: 'pace', retryAfterMs: null }],
    [403, {}, 'You have triggered an abuse detection mechanism', { kind: 'pace', retryAfterMs: null }],
    [403, used, '', { kind: 'quota', retryAfterMs: null }],
    [429, used, '', { kind: 'quota', retryAfterMs: null }],
    [403, { ...used, 'retry-after': '7' }, '', { kind: 'pace', retryAfterMs: 7000 }],
    [403, {}, 'Maximum number of login attempts exceeded', { kind: 'pace', retryAfterMs: null }],
    [403, {}, 'Resource not accessible by integration', null],
    [403, { 'x-ratelimit-remaining': '14861', 'x-ratelimit-limit': '15000' }, 'Resource protected by SAML', null],
    [200, used, '', null],
  ])('tells limits from refusals: %i %j %s', (status, headers, message, limited) => {
    expect(read(status, headers, message).limited).toEqual(limited);
  });

  it('believes no odd name of a budget', () => {
    const headers = { ...used, 'x-ratelimit-resource': "core'; drop" };
    expect(read(200, headers).quota?.resource).toBe('core');
  });
});
