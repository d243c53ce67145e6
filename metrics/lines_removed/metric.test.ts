import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenPerson } from '../_golden/facts.ts';
import { addUpOnce, type GoldenStore, listLeftOut, openGoldenStore } from '../_golden/golden-store.ts';

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('lines_removed', () => {
  it('counts each file of a commit once, and lists no file without a line', async () => {
    const rows = await golden.itemsOf('lines_removed');
    expect(addUpOnce(rows, (row) => row.item)).toEqual({
      'in-two-repositories:src/main.ts': 2,
      'pair-and-agent:NOTES': 1,
      'same-person-twice:old.md': 4,
    });
  });

  it('credits the author alone, whoever helped', async () => {
    const rows = await golden.itemsOf('lines_removed');
    const people = rows.filter(({ item }) => item.startsWith('pair-and-agent')).map(({ person_id }) => person_id);
    expect(new Set(people)).toEqual(new Set([goldenPerson(golden.workspaceId, 'ada')]));
  });

  it('leaves out with its reason what nobody typed or no person wrote', async () => {
    expect(listLeftOut(await golden.itemsOf('lines_removed'))).toEqual({
      'cut-edge': 'unknown',
      'in-two-repositories:package-lock.json': 'lockfile',
      'by-bot:package.json': 'automation',
      'nothing-counts:logo.png': 'binary',
    });
  });
});
