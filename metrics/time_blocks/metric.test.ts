import { describe, expect, it } from 'vitest';
import { makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

function blocksOf(hours: readonly string[]) {
  const grid = hours.map((hour) => ({ day: '2026-03-02', part: `1-${hour}`, resource: null, value: 1 }));
  return metric.derive(makeInput({ cells: { grid }, to: '2026-03-08' }));
}

describe('time_blocks', () => {
  it('cuts at 6, 12, 18 and 22 o’clock', () => {
    const blocks = blocksOf(['05', '06', '11', '12', '17', '18', '21', '22', '23', '00']);
    expect(Object.fromEntries(blocks.parts?.map(({ part, value }) => [part, value]) ?? [])).toEqual({
      morning: 2,
      afternoon: 2,
      evening: 2,
      night: 4,
    });
    expect(blocks).toMatchObject({ value: 10, detail: { peak: 'night', peakCommits: 4 } });
  });

  it('takes the first of two peaks', () => {
    expect(blocksOf(['22', '12', '06']).detail).toMatchObject({ peak: 'morning' });
  });
});
