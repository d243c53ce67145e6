import { describe, expect, it } from 'vitest';
import { assertEnqueueOptions, assertQueueNames, assertSchedule } from './assert-arguments.ts';

describe('assertQueueNames', () => {
  it('accepts what both engines can carry', () => {
    expect(() => assertQueueNames(['derive', 'roll-up.days_2'])).not.toThrow();
  });

  it.each(['', 'Derive', 'a:b', "a'b", 'a b', '-a', 'ä', 'a'.repeat(101)])('refuses "%s"', (name) => {
    expect(() => assertQueueNames([name])).toThrow('may only have');
  });
});

describe('assertEnqueueOptions', () => {
  it('accepts the limits themselves', () => {
    expect(() => assertEnqueueOptions({ attempts: 20, backoffMs: 0, delayMs: 0, key: 'k'.repeat(500) })).not.toThrow();
  });

  it.each([
    { attempts: 0 },
    { attempts: 21 },
    { attempts: 1.5 },
    { backoffMs: -1 },
    { delayMs: Number.NaN },
    { delayMs: Number.POSITIVE_INFINITY },
    { key: '' },
    { key: 'k'.repeat(501) },
  ])('refuses %j', (options) => {
    expect(() => assertEnqueueOptions(options)).toThrow(Object.keys(options)[0] ?? 'never');
  });
});

describe('assertSchedule', () => {
  it('accepts seconds only where the engine honours them', () => {
    expect(() => assertSchedule('0 3 * * *', 'Europe/Berlin', 'minute')).not.toThrow();
    expect(() => assertSchedule('30 0 3 * * *', 'UTC', 'second')).not.toThrow();
    expect(() => assertSchedule('30 0 3 * * *', 'UTC', 'minute')).toThrow('five fields');
  });

  it('refuses a zone that does not exist', () => {
    expect(() => assertSchedule('0 3 * * *', 'Europe/Atlantis', 'minute')).toThrow('IANA');
  });
});
