import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GoldenStore, openGoldenStore } from '../_golden/golden-store.ts';
import { metric } from './metric.ts';

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('commits_by_person', () => {
  it('counts the very items of commits, once for each person', async () => {
    expect(metric.parts).toBe('person');
    expect(await golden.itemsOf('commits_by_person')).toEqual(await golden.itemsOf('commits'));
  });

  it('is a number of the workspace and of nobody in it', () => {
    expect(metric.subjects).toEqual(['workspace']);
  });
});
