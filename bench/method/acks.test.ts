import { describe, expect, it } from 'vitest';
import { findAckFault } from './acks.ts';

describe('findAckFault', () => {
  const acks = { acked: 3, ackedSum: 0 + 1 + 2 };

  it('finds nothing where each acknowledgement stands for one stored row', () => {
    expect(findAckFault(acks, { rows: 3, distinct: 3, sum: 3 })).toBeNull();
  });

  it.each([
    ['a lost one', { rows: 2, distinct: 2, sum: 3 }, '1 of 3 acknowledged events are not stored'],
    ['one stored twice', { rows: 3, distinct: 2, sum: 3 }, '1 events are stored twice'],
    [
      'one stored without an acknowledgement',
      { rows: 4, distinct: 4, sum: 6 },
      '1 events are stored that were not acknowledged',
    ],
    [
      'another one in its place',
      { rows: 3, distinct: 3, sum: 0 + 1 + 9 },
      'as many events are stored as were acknowledged, but others',
    ],
  ])('finds %s', (_what, stored, fault) => {
    expect(findAckFault(acks, stored)).toBe(fault);
  });

  it('does not believe a phase in which nothing was acknowledged', () => {
    expect(findAckFault({ acked: 0, ackedSum: 0 }, { rows: 0, distinct: 0, sum: 0 })).toBe('nothing was acknowledged');
  });
});
