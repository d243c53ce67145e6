import { describe, expect, it } from 'vitest';
import { questionOf, searchOf } from '../receipt/receipt-question.ts';
import { parseSearch, stringifySearch } from '../search-text.ts';
import { personOf, readBoardSearch, readReceiptSearch } from './board-search.ts';

const resource = 'ea84d37d-bb68-8cd6-87d7-ee55f128bdb0';

describe('readBoardSearch', () => {
  it('keeps what it understands', () => {
    expect(readBoardSearch({ range: '12w', resource, subject: 'workspace' })).toEqual({
      range: '12w',
      resource,
      subject: 'workspace',
    });
  });

  it('lets days of one’s own win over a named range', () => {
    expect(readBoardSearch({ range: 'week', from: '2026-01-01', to: '2026-01-31' })).toEqual({
      from: '2026-01-01',
      to: '2026-01-31',
    });
  });

  it.each([
    ['a range nobody knows', { range: 'decade' }],
    ['one day without the other', { from: '2026-01-01' }],
    ['a day that does not exist', { from: '2026-02-31', to: '2026-03-01' }],
    ['a repository that is no id', { resource: "1' or 1=1" }],
    ['somebody else', { subject: 'person:1' }],
  ])('ignores %s', (_what, search) => {
    expect(readBoardSearch(search)).toEqual({});
  });
});

describe('personOf', () => {
  it('names the person of a board that is about one', () => {
    const id = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';
    const { subject } = readBoardSearch({ subject: `person:${id}` });
    expect(personOf(subject)).toBe(id);
    expect(personOf('workspace')).toBeUndefined();
    expect(personOf(undefined)).toBeUndefined();
  });
});

describe('the address of a receipt', () => {
  it.each([
    { metric: 'commits', subject: 'me', from: undefined, to: undefined, resource: undefined, part: undefined },
    { metric: 'languages', subject: 'workspace', from: '2026-01-01', to: '2026-01-31', resource, part: 'C++ & co' },
  ])('gives the question back that was put into it: $metric', (question) => {
    const text = stringifySearch({ ...searchOf(question) });
    expect(questionOf(readReceiptSearch(parseSearch(text)))).toEqual(question);
  });

  it('leaves nothing behind when it is closed', () => {
    const open = { ...searchOf({ metric: 'commits', subject: 'workspace', from: '2026-01-01' }), range: 'week' };
    expect(stringifySearch({ ...open, ...searchOf(null) })).toBe('?range=week');
  });

  it('opens nothing for a name that no metric could have', () => {
    expect(questionOf(readReceiptSearch({ receipt: '../secrets' }))).toBeNull();
  });
});
