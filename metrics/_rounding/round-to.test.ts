import { describe, expect, it } from 'vitest';
import { roundTo } from './round-to.ts';

describe('roundTo', () => {
  it('rounds an exact half up, also where binary fractions lie below it', () => {
    expect(roundTo(1.005, 2)).toBe(1.01);
    expect(roundTo(89.5, 0)).toBe(90);
    expect(roundTo(-0.25, 1)).toBe(-0.2);
  });

  it('keeps zero and large numbers', () => {
    expect(roundTo(0, 2)).toBe(0);
    expect(roundTo(123_456_789, 2)).toBe(123_456_789);
  });
});
