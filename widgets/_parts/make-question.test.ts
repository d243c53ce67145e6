import { describe, expect, it } from 'vitest';
import { makeQuestion } from './make-question.ts';

const id = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';
const days = { from: '2026-03-01', to: '2026-03-11' };
const ada = { kind: 'person' as const, id, name: 'Ada', zone: 'UTC' };

describe('makeQuestion', () => {
  it('asks of the same subject and days as the number', () => {
    expect(makeQuestion({ metric: 'commits', ...days }, { subject: ada, resource: null })).toEqual({
      metric: 'commits',
      subject: `person:${id}`,
      ...days,
    });
    const workspace = { ...ada, kind: 'workspace' as const };
    expect(makeQuestion({ metric: 'commits', ...days }, { subject: workspace, resource: null }).subject).toBe(
      'workspace',
    );
  });

  it('asks of the tile’s repository, unless the number is of another, and of the number’s part', () => {
    const answer = { subject: ada, resource: 'of-the-tile' };
    expect(makeQuestion({ metric: 'languages', ...days, part: 'Go' }, answer)).toMatchObject({
      resource: 'of-the-tile',
      part: 'Go',
    });
    expect(makeQuestion({ metric: 'commits', ...days, resource: 'its-own' }, answer).resource).toBe('its-own');
  });
});
