import { describe, expect, it } from 'vitest';
import { judgeDay } from './working-calendar.ts';

describe('judgeDay', () => {
  const calendar = {
    workingWeekdays: [1, 2, 3, 4, 5],
    holidays: new Map([
      ['2026-12-25', 'Christmas Day'],
      ['2026-12-26', 'Boxing Day'],
    ]),
  };

  it('tells working days, free days and holidays apart', () => {
    expect(judgeDay(calendar, '2026-12-24')).toEqual({ kind: 'working' });
    expect(judgeDay(calendar, '2026-12-25')).toEqual({ kind: 'holiday', holiday: 'Christmas Day' });
    expect(judgeDay(calendar, '2026-12-27')).toEqual({ kind: 'free' });
  });

  it('names a holiday on a day that is free anyhow', () => {
    expect(judgeDay(calendar, '2026-12-26')).toEqual({ kind: 'holiday', holiday: 'Boxing Day' });
  });
});
