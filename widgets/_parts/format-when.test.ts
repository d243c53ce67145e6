import { describe, expect, it } from 'vitest';
import { formatWhen } from './format-when.ts';

function when(at: string, zone: string, today: string): string {
  const subject = { kind: 'person' as const, id: '01a1fd18-8ed3-7725-a49d-e45f54ab7895', name: 'Ada', zone };
  return formatWhen(at, { subject, today }).replaceAll('\u00a0', ' ');
}

describe('formatWhen', () => {
  it('tells the time of today, on the clock of the one it is about', () => {
    expect(when('2026-03-10T15:30:00Z', 'Asia/Tokyo', '2026-03-11')).toBe('00:30');
    expect(when('2026-03-10T15:30:00Z', 'Pacific/Auckland', '2026-03-11')).toBe('04:30');
    expect(when('2026-03-10T15:30:00Z', 'America/Los_Angeles', '2026-03-10')).toBe('08:30');
  });

  it('adds the weekday for six days, and then tells the day alone', () => {
    expect(when('2026-03-10T15:30:00Z', 'UTC', '2026-03-11')).toBe('Tue 15:30');
    expect(when('2026-03-05T09:00:00Z', 'UTC', '2026-03-11')).toBe('Thu 09:00');
    expect(when('2026-03-04T09:00:00Z', 'UTC', '2026-03-11')).toBe('4 Mar');
    expect(when('2025-12-01T09:00:00Z', 'UTC', '2026-03-11')).toBe('1 Dec 2025');
  });

  it('names the day of what a wrong clock dated into the future', () => {
    expect(when('2026-03-12T09:00:00Z', 'UTC', '2026-03-11')).toBe('12 Mar');
  });
});
