import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell } from '@devpulse/contract/metric';
import { makeInput } from '../_golden/derived-input.ts';
import { metric as byWeekday } from '../commits_by_weekday/metric.ts';
import { metric as timeBlocks } from '../time_blocks/metric.ts';
import { metric } from './metric.ts';

function cell(part: string, value: number, day = '2026-03-02'): Cell {
  return { day, part, resource: null, value };
}

describe('commits_by_hour', () => {
  it('lists all 24 hours, the first and the last among them', () => {
    const grid = [cell('1-00', 1), cell('7-23', 2), cell('3-00', 1)];
    const value = metric.derive(makeInput({ cells: { grid }, to: '2026-03-08' }));
    expect(value.value).toBe(4);
    expect(value.parts?.map(({ part }) => part)).toEqual(
      Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')),
    );
    expect(value.parts?.[0]).toEqual({ part: '00', label: '00:00', value: 2 });
    expect(value.parts?.[23]?.value).toBe(2);
    expect(value.parts?.filter((part) => part.value === 0)).toHaveLength(22);
    expect(value.evidence).toEqual([
      { label: '00:00: 2 commits', value: 2 },
      { label: '23:00: 2 commits', value: 2 },
    ]);
  });

  it('names the earliest of several peaks, of the day and of the week as it begins for this workspace', () => {
    const grid = [cell('7-14', 2), cell('2-14', 2), cell('1-09', 4), cell('7-08', 4)];
    const detailWith = (weekStart: number) =>
      metric.derive(makeInput({ cells: { grid }, to: '2026-03-08', weekStart })).detail;
    expect(detailWith(1)).toEqual({
      peak: '08',
      peakLabel: '08:00',
      peakCommits: 4,
      peakSlot: '1-09',
      peakSlotCommits: 4,
    });
    expect(detailWith(7)).toMatchObject({ peakSlot: '7-08' });
  });

  it('has no peak where there are no commits', () => {
    const value = metric.derive(makeInput({ cells: { grid: [] }, to: '2026-03-08' }));
    expect(value).toMatchObject({
      value: 0,
      evidence: [],
      detail: { peak: null, peakSlot: null, peakSlotCommits: null },
    });
    expect(value.parts).toHaveLength(24);
  });

  it('refuses an hour that does not exist', () => {
    expect(() => metric.derive(makeInput({ cells: { grid: [cell('1-24', 1)] }, to: '2026-03-08' }))).toThrow('1-24');
  });

  it('adds up to the commits, as the weekdays and the times of day do', () => {
    const anyGrid = fc.array(
      fc
        .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 9 }))
        .map(([weekday, hour, value]) => cell(`${weekday}-${String(hour).padStart(2, '0')}`, value)),
    );
    fc.assert(
      fc.property(anyGrid, fc.integer({ min: 1, max: 7 }), (grid, weekStart) => {
        const commits = grid.reduce((sum, { value }) => sum + value, 0);
        for (const split of [metric, byWeekday, timeBlocks]) {
          const { value, parts } = split.derive(makeInput({ cells: { grid }, to: '2026-03-08', weekStart }));
          expect(value).toBe(commits);
          expect(parts?.reduce((sum, part) => sum + part.value, 0)).toBe(commits);
        }
      }),
    );
  });
});
