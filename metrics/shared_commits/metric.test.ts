import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GoldenStore, openGoldenStore } from '../_golden/golden-store.ts';

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('shared_commits', () => {
  it('calls shared what two people are credited with, not a person and an agent, nor one person twice', async () => {
    const rows = await golden.itemsOf('shared_commits');
    const shared = rows.filter(({ amount }) => amount === 1).map(({ item }) => item);
    expect(new Set(shared)).toEqual(new Set(['pair-and-agent']));
    expect(rows.filter(({ amount }) => amount !== 0 && amount !== 1)).toEqual([]);
  });

  it('counts all commits in the denominator, and the same amount in every row of a commit', async () => {
    const rows = await golden.itemsOf('shared_commits');
    const counted = new Set(rows.filter(({ left_out }) => left_out === null).map(({ item }) => item));
    expect(counted.size).toBe(8);
    expect(rows.filter(({ item, amount }) => item === 'pair-and-agent' && amount !== 1)).toEqual([]);
  });
});
