import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GoldenStore, openGoldenStore } from '../_golden/golden-store.ts';
import { metric } from './metric.ts';

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('commit_grid', () => {
  it('counts the very items of commits; weekday and hour are the engine’s work', async () => {
    expect(metric.parts).toBe('weekday-hour');
    expect(await golden.itemsOf('commit_grid')).toEqual(await golden.itemsOf('commits'));
  });
});
