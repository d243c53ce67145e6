import { describe, expect, it } from 'vitest';
import { describeTile } from './describe-tile.ts';

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
