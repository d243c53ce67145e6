import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

const window = { from: '2026-03-01', to: '2026-03-31', today: '2026-03-08' };
const read = (commits: ReturnType<typeof cellsOn>) => metric.derive(makeInput({ cells: { commits }, ...window }));

describe('commits_by_repository', () => {
  it('lists the repositories of the window, the one with the most commits first, with its last day', () => {
    const value = read([
      ...cellsOn({ '2026-03-02': 1 }, { resource: 'a' }),
      ...cellsOn({ '2026-03-02': 2, '2026-03-03': 1 }, { resource: 'b' }),
      ...cellsOn({ '2026-02-28': 9, '2026-04-01': 9 }, { resource: 'outside' }),
      ...cellsOn({ '2026-03-04': 0 }, { resource: 'nothing-there' }),
    ]);
    expect(value).toEqual({
      value: 4,
      n: 2,
      parts: [
        { part: 'b', value: 3 },
        { part: 'a', value: 1 },
      ],
      detail: { b: '2026-03-03', a: '2026-03-02' },
      evidence: [
        { label: '3 commits', value: 3, resource: 'b' },
        { label: '1 commit', value: 1, resource: 'a' },
      ],
    });
  });

  it('puts the one with the latest commit first where several have as many, then the one with the lower id', () => {
    const { parts } = read([
      ...cellsOn({ '2026-03-02': 1 }, { resource: 'c' }),
      ...cellsOn({ '2026-03-05': 1 }, { resource: 'd' }),
      ...cellsOn({ '2026-03-02': 1 }, { resource: 'b' }),
    ]);
    expect(parts?.map(({ part }) => part)).toEqual(['d', 'b', 'c']);
  });

  it('is 0 without parts where nothing was done', () => {
    expect(read([])).toEqual({ value: 0, n: 0, parts: [], detail: {}, evidence: [] });
  });

  it('says the same whatever the order of the cells, and its parts add up to the value', () => {
    const day = fc.constantFrom('2026-03-01', '2026-03-04', '2026-03-31', '2026-04-01');
    const cell = fc.record({ day, part: fc.constant(''), resource: fc.constantFrom('a', 'b', 'c'), value: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(cell), fc.infiniteStream(fc.nat()), (cells, dice) => {
        const shuffled = cells.map((one) => ({ one, at: dice.next().value })).toSorted((a, b) => a.at - b.at);
        const value = read(cells);
        expect(read(shuffled.map(({ one }) => one))).toEqual(value);
        expect((value.parts ?? []).reduce((sum, part) => sum + part.value, 0)).toBe(value.value);
      }),
    );
  });
});
