import { describe, expect, it } from 'vitest';
import { waitsUntilSeen } from './watch-number.ts';

describe('waitsUntilSeen', () => {
  it('counts from each acknowledgement to the first sight of a number that holds it', () => {
    const sightings = [
      { at: 100, value: 10 },
      { at: 130, value: 11 },
      { at: 170, value: 13 },
    ];
    expect(waitsUntilSeen(10, [110, 120, 125], sightings)).toEqual([20, 50, 45]);
  });

  it('has no figure for what was never seen', () => {
    expect(waitsUntilSeen(0, [10, 20], [{ at: 30, value: 1 }])).toEqual([20, Number.NaN]);
  });

  it('is never less than nothing where the number was there before its acknowledgement arrived', () => {
    expect(waitsUntilSeen(0, [50], [{ at: 40, value: 1 }])).toEqual([0]);
  });
});
