import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { Delta, type DeltaProps } from './delta.tsx';
import { Figure, type FigureProps } from './figure.tsx';
import { isSameQuestion, ReceiptsContext, type ReceiptQuestion } from './receipts-context.ts';
import { attributeOf, render, tagsWith, textOf } from './testing/read-markup.ts';

const question = { metric: 'commits', from: '2026-11-16', to: '2026-11-20' };

function figure(props: Partial<FigureProps>, current: ReceiptQuestion | null = null): string {
  const receipts = { open: () => undefined, current, panelId: 'panel' };
  const shown = createElement(Figure, { question, label: 'Commits', value: 38, unit: 'commits', ...props });
  return render(createElement(ReceiptsContext, { value: receipts }, shown));
}

/** What is said, and what is drawn. */
const nameOf = (markup: string): string => textOf(/<span class="vh">.*<\/span>/.exec(markup)?.[0] ?? '');
const drawnOf = (markup: string): string => textOf(markup.replace(/<span class="vh">.*<\/span>/, ''));

describe('Figure', () => {
  it('is a button that says what it is, how much, and that it opens', () => {
    const markup = figure({});
    expect(nameOf(markup)).toBe('Commits, 38: open receipt');
    expect(attributeOf(tagsWith(markup, '<button')[0], 'aria-expanded')).toBe('false');
    expect(drawnOf(markup)).toBe('38');
    expect(tagsWith(markup, 'aria-hidden="true"')).toHaveLength(1);
  });

  it('says the unit where its label does not', () => {
    expect(nameOf(figure({ label: 'Current streak', value: 12, unit: 'days' }))).toBe(
      'Current streak, 12 days: open receipt',
    );
  });

  it('names the panel while its own receipt is open, and not while another is', () => {
    expect(attributeOf(tagsWith(figure({}, question), '<button')[0], 'aria-controls')).toBe('panel');
    expect(attributeOf(tagsWith(figure({}, question), '<button')[0], 'aria-expanded')).toBe('true');
    const other = figure({}, { ...question, from: '2026-11-09' });
    expect(attributeOf(tagsWith(other, '<button')[0], 'aria-controls')).toBeUndefined();
  });

  it('says durations in full and draws them with small units', () => {
    const markup = figure({ label: 'Cycle time, median', value: 1600, unit: 'minutes' });
    expect(nameOf(markup)).toBe('Cycle time, median, 26 hours 40 minutes: open receipt');
    expect(drawnOf(markup)).toBe('26 h 40 min');
  });

  it('draws what is not known as a dash with its reason, never as 0', () => {
    const markup = figure({ value: null, reason: 'No source has been read' });
    expect(drawnOf(markup)).toBe('—');
    expect(nameOf(markup)).toBe('Commits, unknown: No source has been read: open receipt');
    expect(attributeOf(tagsWith(markup, '<button')[0], 'title')).toBe('No source has been read');
  });

  it('keeps 0 apart from unknown', () => {
    expect(drawnOf(figure({ value: 0 }))).toBe('0');
  });

  it('is short in a tile and exact in its name', () => {
    const markup = figure({ value: 12_431 });
    expect(drawnOf(markup)).toBe('12.4 k');
    expect(nameOf(markup)).toBe('Commits, 12,431: open receipt');
  });

  it('writes the unit where it is asked to, in the singular for one', () => {
    expect(drawnOf(figure({ value: 12, unit: 'days', showUnit: true }))).toBe('12 days');
    expect(drawnOf(figure({ value: 1, unit: 'days', showUnit: true }))).toBe('1 day');
  });

  it('is plain text where no page offers receipts', () => {
    const markup = render(createElement(Figure, { question, label: 'Commits', value: 38, unit: 'commits' }));
    expect(markup).not.toContain('<button');
    expect(textOf(markup)).toBe('38');
  });
});

describe('isSameQuestion', () => {
  it('takes a subject that is left out as me, and tells parts apart', () => {
    expect(isSameQuestion(question, { ...question, subject: 'me' })).toBe(true);
    expect(isSameQuestion(question, { ...question, part: 'Rust' })).toBe(false);
    expect(isSameQuestion(question, null)).toBe(false);
    expect(isSameQuestion(null, null)).toBe(true);
  });
});

describe('Delta', () => {
  const delta = (props: Partial<DeltaProps>): string =>
    render(createElement(Delta, { amount: 6, unit: 'commits', ...props }));

  it('says amount and word', () => {
    expect(textOf(delta({}))).toBe('6 more');
    expect(textOf(delta({ amount: -6 }))).toBe('6 fewer');
    expect(textOf(delta({ amount: 0 }))).toBe('the same');
    expect(textOf(delta({ amount: 50, unit: 'minutes', than: 'than before' }))).toBe('50 min longer than before');
  });

  it('has a moral colour only where the metric states a better direction', () => {
    expect(delta({})).not.toMatch(/delta-(good|worse)/);
    expect(delta({ better: 'neither' })).not.toMatch(/delta-(good|worse)/);
    expect(delta({ better: 'down' })).toContain('delta-worse');
    expect(delta({ better: 'down', amount: -6 })).toContain('delta-good');
    expect(delta({ better: 'up', amount: 0 })).not.toMatch(/delta-(good|worse)/);
  });

  it('says why there is nothing to compare with', () => {
    expect(textOf(delta({ amount: null, missing: 'week 46 is unknown' }))).toBe('no comparison: week 46 is unknown');
  });
});
