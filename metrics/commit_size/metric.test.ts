import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUpOnce, type GoldenStore, listLeftOut, openGoldenStore } from '../_golden/golden-store.ts';

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('commit_size', () => {
  it('sums the files that count, and takes a commit that changes no line for 0', async () => {
    const rows = await golden.itemsOf('commit_size');
    expect(addUpOnce(rows, (row) => row.item)).toEqual({
      'in-two-repositories': 12,
      'pair-and-agent': 11,
      'rename-only': 0,
      'same-person-twice': 4,
    });
  });

  it('leaves out merges, machines, commits of which nothing counts, and never takes unknown files for 0', async () => {
    expect(listLeftOut(await golden.itemsOf('commit_size'))).toEqual({
      'by-bot': 'automation',
      merge: 'merge',
      'nothing-counts': 'binary',
      'cut-edge': 'unknown',
      'agent-with-person': 'agent',
    });
  });
});
