import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import type { Receipt } from '@devpulse/contract/wire/metrics';
import { SlipFailed } from './slip-failed.tsx';
import { SlipLoading } from './slip-loading.tsx';
import { Slip, type SlipProps } from './slip.tsx';
import { render, tagsWith, textOf } from './testing/read-markup.ts';

const receipt: Receipt = {
  metric: 'commits',
  title: 'Commits',
  unit: 'commits',
  kind: 'count',
  definition: 'Commits you wrote, on the day you wrote them.',
  version: 3,
  subject: { kind: 'person', id: '0b0f5ad1-6f6b-4c6c-9a39-0f2b7b3f0a11', name: 'Juno Hale', zone: 'Europe/Lisbon' },
  from: '2026-10-24',
  to: '2026-11-20',
  value: 12_431,
  state: 'ok',
  n: 12_431,
  found: 12_460,
  leftOut: [
    { reason: 'automation', words: 'written by automation', count: 20 },
    { reason: 'excluded', words: 'left out by you', count: 9 },
  ],
  madeFrom: [],
  coverage: {
    repositories: 14,
    repositoriesUnread: 1,
    daysWithRecords: 26,
    days: 28,
    unknown: [{ what: 'commits without an author', count: 2 }],
  },
  freshness: { asOf: '2026-11-20T14:00:00Z', lastRecordAt: '2026-11-20T14:31:08Z', pendingEvents: 0, pendingDays: 0 },
  records: [
    {
      item: 'a1',
      label: 'Quiet hours',
      at: '2026-11-20T14:31:08Z',
      day: '2026-11-20',
      resource: 'harbor-api',
      value: 1,
      part: '',
      url: 'https://git.example/a1',
    },
    { item: 'a2', label: 'Print styles', at: null, day: '2026-11-19', resource: null, value: 1, part: '', url: null },
  ],
  nextCursor: 'next',
  withheld: 0,
  reproduce: 'curl -G https://dp.example/api/v1/metrics/commits',
};

const draw = (changes: Partial<Receipt> = {}, props: Partial<SlipProps> = {}): string =>
  render(createElement(Slip, { receipt: { ...receipt, ...changes }, ...props }));

describe('Slip', () => {
  it('prints its parts in the order in which they are checked', () => {
    const text = textOf(draw());
    const order = [
      'Commits',
      'version 3',
      '12,431 commits',
      'on the day you wrote them',
      '24 Oct – 20 Nov 2026',
      'How the 12,431 were counted',
      'Counted',
      'Records',
      'Coverage',
      'Ask for it yourself',
      'curl -G',
    ];
    const places = order.map((words) => text.indexOf(words));
    expect(places.every((place) => place >= 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('prints a sum that closes: found, minus each kind left out, is what was counted', () => {
    const text = textOf(draw());
    expect(text).toContain('Found in this window 12,460 written by automation −20 left out by you −9 Counted 12,431');
    expect(text).not.toContain('does not close');
  });

  it('says so when the sum does not close', () => {
    expect(textOf(draw({ found: 12_470 }))).toContain('This sum does not close: 10 are missing.');
    expect(tagsWith(draw({ found: 12_470 }), 'role="alert"')).toHaveLength(1);
  });

  it('links each record that can be seen elsewhere, tells no referrer, and says when in the zone', () => {
    const markup = draw({}, { zone: 'Asia/Tokyo' });
    expect(markup).toContain('href="https://git.example/a1" target="_blank" rel="noreferrer noopener"');
    expect(tagsWith(markup, 'class="record-label"')).toHaveLength(2);
    expect(markup).toMatch(/<time[^>]*>[^<]*(23:31|20 Nov|21 Nov)/);
  });

  it('offers more while there is more, and says what failed', () => {
    expect(textOf(draw({}, { onMore: () => undefined }))).toContain('Show more');
    expect(textOf(draw({}, { onMore: () => undefined, loadingMore: true }))).toContain('Reading more');
    expect(textOf(draw({}, { onMore: () => undefined, moreFailed: 'The server did not answer.' }))).toContain(
      'did not answer',
    );
    expect(textOf(draw({ nextCursor: null }, { onMore: () => undefined }))).not.toContain('Show more');
  });

  it('says what was not looked at and what is not known', () => {
    const text = textOf(draw());
    expect(text).toContain('13 of 14 repositories');
    expect(text).toContain('Not known 2 commits without an author');
    expect(textOf(draw({ coverage: { ...receipt.coverage, unknown: [] } }))).toContain('nothing that we know of');
    expect(text).not.toContain('cannot see');
    expect(textOf(draw({ withheld: 1 }))).toContain('1 record in repositories you cannot see');
  });

  it('draws an unknown value as a dash with its state and reason', () => {
    const text = textOf(
      draw({
        value: null,
        n: 0,
        found: 0,
        leftOut: [],
        records: [],
        state: 'unknown',
        stateReason: 'Nobody has looked.',
      }),
    );
    expect(text).toContain('— Unknown Nobody has looked.');
    expect(text).toContain('How the number came about');
  });

  it('draws the spread of samples, and lists the values where there are too few', () => {
    const [sample] = receipt.records;
    const records = [5, 9, 60, 90, 400].flatMap((value, index) =>
      sample ? [{ ...sample, item: String(index), value }] : [],
    );
    const whole = { found: 5, n: 5, leftOut: [], nextCursor: null };
    const five: Partial<Receipt> = { ...whole, kind: 'samples', unit: 'minutes', value: 60, records };
    expect(tagsWith(draw(five), 'class="strip-tick')).toHaveLength(5);
    const two = { ...five, n: 2, found: 2, records: records.slice(0, 2) };
    expect(draw(two)).not.toContain('strip-tick');
    expect(textOf(draw(two))).toContain('2 cases: 5 min, 9 min.');
  });

  it('names the part that was asked for', () => {
    expect(textOf(draw({ part: 'TypeScript' }))).toMatch(/^Commits · TypeScript version 3/);
  });
});

describe('the slip that is not there yet', () => {
  it('says that it is being read', () => {
    const markup = render(createElement(SlipLoading, { title: 'Commits' }));
    expect(markup).toContain('aria-busy="true"');
    expect(textOf(markup)).toBe('Reading the receipt Commits');
  });

  it('says what failed, with a reference and an act', () => {
    const failed = createElement(SlipFailed, {
      reason: 'The server did not answer.',
      reference: 'req-1',
      onRetry: () => undefined,
    });
    expect(textOf(render(failed))).toBe(
      'This receipt could not be read. The server did not answer. Reference req-1 Try again',
    );
  });
});
