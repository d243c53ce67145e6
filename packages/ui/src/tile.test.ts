import { createElement, type ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import { StateChip } from './state-chip.tsx';
import { stateWords, type ShownState } from './shown-state.ts';
import { attributeOf, render, tagsWith, textOf } from './testing/read-markup.ts';
import { TileBoundary } from './tile-boundary.tsx';
import { Tile, type TileProps } from './tile.tsx';

const span = { wide: 4, middle: 6, rows: 4 } as const;

function tile(props: Partial<TileProps>, body?: ReactNode): string {
  return render(createElement(Tile, { title: 'Commits', span, asOf: '14:31', ...props }, body));
}

const states = Object.keys(stateWords) as ShownState[];

describe('StateChip', () => {
  it('tells every state by its word', () => {
    const words = states.map((state) => textOf(render(createElement(StateChip, { state }))));
    expect(new Set(words).size).toBe(states.length);
  });

  it('tells states by shape as well; only two kinds of "not whole yet" share the half disc', () => {
    const shapes = states.map((state) => /<svg.*<\/svg>/.exec(render(createElement(StateChip, { state })))?.[0]);
    expect(new Set(shapes).size).toBe(states.length - 1);
    expect(shapes[states.indexOf('live')]).toBe(shapes[states.indexOf('partial')]);
  });

  it('takes a more exact word', () => {
    expect(textOf(render(createElement(StateChip, { state: 'throttled' }, 'until 14:52')))).toBe('until 14:52');
  });
});

describe('Tile', () => {
  it('is named by its title and says when its figures are from', () => {
    const markup = tile({}, 'body');
    const id = attributeOf(tagsWith(markup, '<article')[0], 'aria-labelledby');
    expect(markup).toContain(`<h2 id="${id}">Commits</h2>`);
    expect(textOf(markup)).toBe('Commits 14:31 body');
  });

  it('has its size before any data has arrived', () => {
    const size = (markup: string): string | undefined => attributeOf(tagsWith(markup, '<article')[0], 'style');
    expect(size(tile({ loading: true }))).toBe('--wide:4;--middle:6;--rows:4');
    expect(size(tile({ loading: true }))).toBe(size(tile({}, 'body')));
  });

  it.each(states.filter((state) => state !== 'ok' && state !== 'empty'))(
    'shows a chip in place of the time when %s',
    (state) => {
      const markup = tile({ state }, 'body');
      expect(textOf(markup)).toBe(`Commits ${stateWords[state]} body`);
    },
  );

  it('is silent when all is well, and when nothing was there', () => {
    expect(tile({ state: 'ok' })).not.toContain('class="state');
    expect(tile({ state: 'empty' })).not.toContain('class="state');
  });

  it.each(['stale', 'throttled', 'failed', 'partial'] as const)(
    'keeps the last body and says the reason beneath when %s',
    (state) => {
      const markup = tile(
        { state, reason: 'Not read for 20 h.', action: createElement('a', { href: '#' }, 'Check it') },
        'body',
      );
      expect(textOf(markup)).toMatch(/body Not read for 20 h\. Check it$/);
      expect(markup).toContain('tile-why');
    },
  );

  it.each(['failed', 'denied', 'unknown', 'not_connected'] as const)(
    'says the reason in place of the body when %s',
    (state) => {
      const markup = tile({ state, reason: 'Nobody has looked.' });
      expect(markup).toContain('tile-note');
      expect(textOf(markup)).toContain('Nobody has looked.');
    },
  );

  it('never blanks on a refetch, and says that it is busy', () => {
    const markup = tile({ loading: true }, 'body');
    expect(textOf(markup)).toContain('body');
    expect(attributeOf(tagsWith(markup, '<article')[0], 'aria-busy')).toBe('true');
    expect(markup).not.toContain('skeleton');
  });

  it('says that it is slow only when told', () => {
    expect(textOf(tile({ loading: true }))).toBe('Commits Loading');
    expect(textOf(tile({ loading: true, slow: 'Still reading' }))).toContain('Still reading');
  });
});

describe('TileBoundary', () => {
  it('draws a failed tile of the same size, with an act, when its content breaks', () => {
    const boundary = new TileBoundary({ title: 'Commits', span, children: 'body' });
    expect(render(boundary.render())).toBe('body');
    boundary.state = TileBoundary.getDerivedStateFromError();
    const markup = render(boundary.render());
    expect(textOf(markup)).toMatch(/^Commits Failed .*Draw it again$/);
    expect(attributeOf(tagsWith(markup, '<article')[0], 'style')).toContain('--rows:4');
  });
});
