import { describe, expect, it } from 'vitest';
import { formatDay, formatDayRange, formatFullDay, formatFullRange, shiftDay, weekdayOf } from './format-day.ts';
import { formatInstant, splitInstant } from './format-instant.ts';

const plain = (text: string): string => text.replaceAll('\u00a0', ' ');

describe('days', () => {
  it('name their year only when it is another', () => {
    expect(formatDay('2026-09-08', '2026-11-20')).toBe('8\u00a0Sep');
    expect(plain(formatDay('2025-09-08', '2026-11-20'))).toBe('8 Sep 2025');
  });

  it('are said in full', () => {
    expect(plain(formatFullDay('2026-08-11'))).toBe('Tue 11 Aug 2026');
  });

  it('make ranges that repeat nothing', () => {
    expect(plain(formatDayRange('2026-11-16', '2026-11-20'))).toBe('16 – 20 Nov');
    expect(plain(formatDayRange('2026-10-24', '2026-11-20'))).toBe('24 Oct – 20 Nov');
    expect(plain(formatDayRange('2025-12-28', '2026-01-03'))).toBe('28 Dec 2025 – 3 Jan 2026');
    expect(plain(formatDayRange('2026-11-20', '2026-11-20'))).toBe('20 Nov');
  });

  it('name the year of a full range once, or each year once', () => {
    expect(plain(formatFullRange('2026-10-24', '2026-11-20'))).toBe('24 Oct – 20 Nov 2026');
    expect(plain(formatFullRange('2025-11-22', '2026-11-21'))).toBe('22 Nov 2025 – 21 Nov 2026');
  });

  it('know their weekday, before 1970 as well, and cross months and leap days', () => {
    expect(weekdayOf('2026-11-16')).toBe(1);
    expect(weekdayOf('1969-12-28')).toBe(7);
    expect(shiftDay('2024-02-28', 1)).toBe('2024-02-29');
    expect(shiftDay('2026-01-01', -1)).toBe('2025-12-31');
  });
});

describe('instants', () => {
  const now = '2026-11-20T14:32:00Z';

  it('are a time today, a weekday this week, a day this year, a full day else', () => {
    expect(formatInstant('2026-11-20T14:31:00Z', 'Europe/Lisbon', now)).toBe('14:31');
    expect(formatInstant('2026-11-19T18:04:00Z', 'Europe/Lisbon', now)).toBe('Thu 18:04');
    expect(plain(formatInstant('2026-09-08T10:00:00Z', 'Europe/Lisbon', now))).toBe('8 Sep');
    expect(plain(formatInstant('2025-09-08T10:00:00Z', 'Europe/Lisbon', now))).toBe('8 Sep 2025');
  });

  it('are cut in the zone, at midnight too', () => {
    expect(splitInstant('2026-11-20T15:00:00Z', 'Asia/Tokyo')).toEqual({ day: '2026-11-21', time: '00:00' });
    expect(formatInstant('2026-11-20T15:00:00Z', 'Asia/Tokyo', '2026-11-20T16:00:00Z')).toBe('00:00');
  });
});
