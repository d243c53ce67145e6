import { describe, expect, it } from 'vitest';
import { describeOwnDays, describeTile } from './describe-tile.ts';

const now = new Date('2026-11-20T15:00:00Z');
const subject = { kind: 'person' as const, id: 'p', name: 'Ada', zone: 'UTC' };
const good = { state: 'ok' as const, asOf: '2026-11-20T14:31:00Z', subject, result: { value: 1 } };

describe('describeTile', () => {
  it('says nothing where all is well', () => {
    expect(describeTile({ answer: good, failure: null, now })).toEqual({ state: 'ok' });
  });

  it('keeps the last answer when the next one fails, and says from when it is', () => {
    const shown = describeTile({ answer: good, failure: { words: 'The server does not answer.', at: 'r1' }, now });
    expect(shown).toEqual({
      state: 'failed',
      reason: 'The server does not answer. What is shown is from 14:31. Reference r1.',
    });
  });

  it('keeps nothing of what one may no longer see', () => {
    const failure = { words: 'The numbers of Ada are told to managers', at: 'r1', denied: true };
    expect(describeTile({ answer: good, failure, now })).toEqual({
      state: 'denied',
      reason: 'The numbers of Ada are told to managers.',
    });
  });

  it('gives the reason of any other state as a sentence', () => {
    const shown = describeTile({
      answer: { ...good, state: 'stale', stateReason: '3 days are being counted' },
      failure: null,
      now,
    });
    expect(shown).toEqual({ state: 'stale', reason: '3 days are being counted.' });
  });

  it('leaves it to the view to say that there was nothing, unless there is no view', () => {
    expect(
      describeTile({ answer: { ...good, state: 'empty', stateReason: 'nothing found' }, failure: null, now }),
    ).toEqual({ state: 'empty' });
    const blank = describeTile({
      answer: { ...good, state: 'empty', stateReason: 'nothing found', result: null },
      failure: null,
      now,
    });
    expect(blank.reason).toBe('Nothing found.');
  });
});

describe('describeOwnDays', () => {
  const board = { from: '2026-11-01', to: '2026-11-20', today: '2026-11-20' };

  it('names the days of a tile that are not those of the board', () => {
    const result = { from: '2025-11-24', to: '2026-11-20' };
    expect(describeOwnDays({ ...board, result })?.replaceAll(/\s/g, ' ')).toBe('24 Nov 2025 – 20 Nov 2026');
  });

  it('says nothing where they are the same, or where there are none', () => {
    expect(describeOwnDays({ ...board, result: { from: board.from, to: board.to } })).toBeUndefined();
    expect(describeOwnDays({ ...board, result: { value: 1 } })).toBeUndefined();
    expect(describeOwnDays({ ...board, result: null })).toBeUndefined();
  });
});
