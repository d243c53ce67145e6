import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUpOnce, type GoldenStore, listLeftOut, openGoldenStore } from '../_golden/golden-store.ts';

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('languages', () => {
  it('adds up lines by language, unknown ones under Other', async () => {
    const rows = await golden.itemsOf('languages');
    expect(addUpOnce(rows, (row) => row.part)).toEqual({ TypeScript: 12, Python: 7, Other: 4, Markdown: 4 });
  });

  it('adds up to the lines added and removed, and leaves out the same files', async () => {
    const [languages, added, removed] = await Promise.all(
      ['languages', 'lines_added', 'lines_removed'].map((metric) => golden.itemsOf(metric)),
    );
    const total = (rows: typeof languages) => addUpOnce(rows ?? [], () => 'lines')['lines'] ?? 0;
    expect(total(languages)).toBe(total(added) + total(removed));
    expect(listLeftOut(languages ?? [])).toEqual({ ...listLeftOut(added ?? []), ...listLeftOut(removed ?? []) });
  });
});
