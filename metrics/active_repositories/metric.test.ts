import { describe, expect, it } from 'vitest';
import { cellsOn, makeInput } from '../_golden/derived-input.ts';
import { metric } from './metric.ts';

describe('active_repositories', () => {
  it('counts each repository once, with its commits', () => {
    const commits = [
      ...cellsOn({ '2026-03-02': 2, '2026-03-03': 1 }, { resource: 'b' }),
      ...cellsOn({ '2026-03-02': 1 }, { resource: 'a' }),
      ...cellsOn({ '2026-01-01': 1 }, { resource: 'before-the-window' }),
      ...cellsOn({ '2026-03-09': 1 }, { resource: 'after-today' }),
    ];
    const input = makeInput({ cells: { commits }, from: '2026-03-01', to: '2026-03-31', today: '2026-03-08' });
    expect(metric.derive(input)).toEqual({
      value: 2,
      n: 2,
      evidence: [
        { label: '1 commit', value: 1, resource: 'a' },
        { label: '3 commits', value: 3, resource: 'b' },
      ],
    });
  });
});
