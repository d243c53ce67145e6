import { describe, expect, it } from 'vitest';
import { readHolidayLines } from './read-holiday-lines.ts';

describe('readHolidayLines', () => {
  it('reads a day and a name a line, whatever stands between them', () => {
    const text =
      '2026-12-25 Christmas Day\r\n\n2026-12-26,Boxing Day\n 2027-01-01\tNew Year, the first\n2027-04-02 ; Good Friday';
    expect(readHolidayLines(text)).toEqual({
      holidays: [
        { day: '2026-12-25', name: 'Christmas Day' },
        { day: '2026-12-26', name: 'Boxing Day' },
        { day: '2027-01-01', name: 'New Year, the first' },
        { day: '2027-04-02', name: 'Good Friday' },
      ],
      faults: [],
    });
  });

  it('names the lines that it cannot read, and reads the others', () => {
    const { holidays, faults } = readHolidayLines(
      '2026-02-30 No such day\n25.12.2026 Christmas\n2026-12-25\n2026-05-01 May Day',
    );
    expect(holidays).toEqual([{ day: '2026-05-01', name: 'May Day' }]);
    expect(faults.map(({ line }) => line)).toEqual([1, 2, 3]);
    expect(faults[2]?.words).toContain('no name');
  });
});
