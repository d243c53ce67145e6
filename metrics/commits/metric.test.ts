import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goldenPerson, goldenRepository } from '../_golden/facts.ts';
import { addUpOnce, type GoldenStore, listLeftOut, openGoldenStore } from '../_golden/golden-store.ts';

let golden: GoldenStore;
beforeAll(async () => {
  golden = await openGoldenStore();
});
afterAll(() => golden.close());

describe('commits', () => {
  it('counts a commit once for each person credited, co-authors and joined identities included', async () => {
    const rows = await golden.itemsOf('commits');
    const person = (name: 'ada' | 'grace') => goldenPerson(golden.workspaceId, name) ?? '';
    expect(addUpOnce(rows, (row) => row.person_id ?? '')).toEqual({ [person('ada')]: 5, [person('grace')]: 4 });
  });

  it('counts once for the workspace, whoever shares it and whatever repositories hold it', async () => {
    const rows = await golden.itemsOf('commits');
    expect(addUpOnce(rows, () => 'all')).toEqual({ all: 8 });
    expect(addUpOnce(rows, (row) => row.resource_id)).toEqual({
      [goldenRepository(golden.workspaceId, 'engine')]: 5,
      [goldenRepository(golden.workspaceId, 'copy-of-engine')]: 1,
      [goldenRepository(golden.workspaceId, 'notes')]: 3,
    });
  });

  it('leaves out what only automation or agents are credited with', async () => {
    expect(listLeftOut(await golden.itemsOf('commits'))).toEqual({ 'by-bot': 'automation' });
  });

  it('takes the instant of the author date', async () => {
    const rows = await golden.itemsOf('commits', { from: '2026-03-02T07:30:00Z', to: '2026-03-02T07:30:01Z' });
    expect(new Set(rows.map(({ item }) => item))).toEqual(new Set(['pair-and-agent']));
  });
});
