import { describe, expect, it } from 'vitest';
import { createKeyReader } from './key-list.ts';

describe('createKeyReader', () => {
  it('takes two strokes in a row as one wish', () => {
    const read = createKeyReader();
    expect(read('g', 0)).toBeNull();
    expect(read('s', 500)).toBe('sources');
  });

  it('forgets the first stroke after a while', () => {
    const read = createKeyReader();
    read('g', 0);
    expect(read('r', 5_000)).toBe('receipt');
  });

  it('does not mistake the second stroke for a key of its own', () => {
    const read = createKeyReader();
    read('g', 0);
    expect(read('r', 100)).toBe('repositories');
  });

  it('drops a pair that means nothing', () => {
    const read = createKeyReader();
    read('g', 0);
    expect(read('x', 100)).toBeNull();
    expect(read('t', 200)).toBe('table');
  });
});
