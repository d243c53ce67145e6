import { describe, expect, it } from 'vitest';
import { divideRounds, measureInTurns } from './rounds.ts';

describe('measureInTurns', () => {
  it('swaps the order in every round and keeps the figures of a round together', async () => {
    const order: string[] = [];
    let count = 0;
    const measure = (name: string) => (): Promise<number> => {
      order.push(name);
      count += 1;
      return Promise.resolve(count);
    };
    const figures = await measureInTurns({ a: measure('a'), b: measure('b') }, { rounds: 3 });
    expect(order.join('')).toBe('abbaab');
    expect(figures).toEqual({ a: [1, 4, 5], b: [2, 3, 6] });
  });
});

describe('divideRounds', () => {
  it('divides each round by its own baseline', () => {
    expect(divideRounds([10, 30], [5, 10])).toEqual([2, 3]);
  });

  it('refuses a round without its partner', () => {
    expect(() => divideRounds([1, 2], [1])).toThrow('partner');
  });
});
