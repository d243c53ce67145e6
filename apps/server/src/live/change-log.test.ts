import { describe, expect, it } from 'vitest';
import type { LiveChange } from '@devpulse/contract/wire/live';
import { ChangeLog } from './change-log.ts';
import { everything, mergeChanges } from './merge-changes.ts';

const one = '01a1fd18-8ed3-7725-a49d-e45f54ab7895';
const two = '01a1fd18-8ed3-7725-a49d-e45f54ab7896';
const of = (...metrics: string[]): LiveChange => ({ metrics, sources: false, people: false });

describe('ChangeLog', () => {
  it('knows exactly the last 500 changes', () => {
    const log = new ChangeLog();
    const cursors = [log.cursor];
    for (let count = 1; count <= 502; count += 1) {
      log.add(count % 2 === 0 ? one : two, of(`m${count % 10}`));
      cursors.push(log.cursor);
    }
    expect(log.since(cursors[1] ?? '', one)).toEqual(everything);
    expect(log.since(cursors[2] ?? '', one)).toEqual(of('m0', 'm2', 'm4', 'm6', 'm8'));
    expect(log.since(cursors[500] ?? '', one)).toEqual(of('m2'));
    expect(log.since(cursors[501] ?? '', two)).toBeNull();
    expect(log.since(log.cursor, one)).toBeNull();
  });

  it('vouches for nothing from before a gap, nor for cursors it never gave', () => {
    const log = new ChangeLog();
    log.add(one, of('a'));
    const { cursor } = log;
    log.restart();
    const epoch = log.cursor.split('-')[0];
    for (const strange of [
      cursor,
      new ChangeLog().cursor,
      `${epoch}-1`,
      `${epoch}--1`,
      `${epoch}-0.5`,
      epoch ?? '',
      '',
    ])
      expect(log.since(strange, one), strange).toEqual(everything);
    expect(log.since(log.cursor, one)).toBeNull();
  });
});

describe('mergeChanges', () => {
  it('keeps what either says, each metric once', () => {
    expect(mergeChanges({ ...of('b', 'a'), sources: true }, { ...of('b'), people: true })).toEqual({
      metrics: ['a', 'b'],
      sources: true,
      people: true,
    });
    expect(mergeChanges(of('a'), of('*')).metrics).toEqual(['*']);
  });

  it('stays small, whatever is put in', () => {
    const many = (prefix: string): LiveChange => of(...Array.from({ length: 150 }, (_, index) => `${prefix}${index}`));
    expect(mergeChanges(many('a'), many('a')).metrics).toHaveLength(150);
    expect(mergeChanges(many('a'), many('b')).metrics).toEqual(['*']);
  });
});
