import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { Button } from './button.tsx';
import { placeTip } from './charts/chart-tip.tsx';
import { DataTable } from './data-table.tsx';
import { Field } from './field.tsx';
import { filterOptions } from './filter-options.ts';
import { IconButton } from './icon-button.tsx';
import { iconPaths } from './icon-paths.ts';
import { findPlace } from './place-popover.ts';
import { ProgressBar } from './progress-bar.tsx';
import { Segmented } from './segmented.tsx';
import { stepIndex } from './step-index.ts';
import { Tabs } from './tabs.tsx';
import { takeInitials } from './take-initials.ts';
import { attributeOf, render, tagsWith, textOf } from './testing/read-markup.ts';
import { TextInput } from './text-input.tsx';

describe('Field', () => {
  const field = (props: object): string =>
    render(createElement(Field, { label: 'Name', ...props, children: (ids) => createElement(TextInput, ids) }));

  it('ties label, help and error to the control', () => {
    const markup = field({ help: 'As others see it.', error: 'Give a name.' });
    const input = tagsWith(markup, '<input')[0];
    expect(attributeOf(tagsWith(markup, '<label')[0], 'for')).toBe(attributeOf(input, 'id'));
    const described = attributeOf(input, 'aria-describedby')?.split(' ') ?? [];
    expect(described).toHaveLength(2);
    for (const id of described) expect(markup).toContain(`id="${id}"`);
    expect(attributeOf(input, 'aria-invalid')).toBe('true');
  });

  it('is valid and undescribed without help and error', () => {
    const input = tagsWith(field({}), '<input')[0];
    expect(attributeOf(input, 'aria-invalid')).toBeUndefined();
    expect(attributeOf(input, 'aria-describedby')).toBeUndefined();
  });
});

describe('buttons', () => {
  it('never submit a form by accident, and stay in reach while busy', () => {
    const tag = tagsWith(render(createElement(Button, { busy: true }, 'Save')), '<button')[0];
    expect(attributeOf(tag, 'type')).toBe('button');
    expect(attributeOf(tag, 'aria-disabled')).toBe('true');
    expect(tag).not.toContain(' disabled');
  });

  it('have a name where they are only an icon', () => {
    const tag = tagsWith(render(createElement(IconButton, { icon: 'close', label: 'Close' })), '<button')[0];
    expect(attributeOf(tag, 'aria-label')).toBe('Close');
  });

  it('have icons that are paths the browser can read', () => {
    for (const [name, path] of Object.entries(iconPaths)) expect(path, name).toMatch(/^M[\d\sMmLlHhVvAaCcSsZz.,-]+$/);
  });
});

describe('Segmented', () => {
  it('is a group of radio buttons with one in force', () => {
    const options = ['week', 'year'].map((value) => ({ value, label: value }));
    const markup = render(
      createElement(Segmented, { label: 'Range', value: 'year', options, onChange: () => undefined }),
    );
    expect(tagsWith(markup, 'role="radiogroup"')).toHaveLength(1);
    const chosen = tagsWith(markup, 'checked=""');
    expect(chosen.map((tag) => attributeOf(tag, 'value'))).toEqual(['year']);
  });
});

describe('Tabs', () => {
  it('are one stop, at the chosen one, and name the panel they fill', () => {
    const tabs = ['a', 'b'].map((id) => ({ id, label: id }));
    const props = { label: 'Boards', tabs, selected: 'b', panelId: 'panel', onSelect: () => undefined };
    const drawn = tagsWith(render(createElement(Tabs, props)), 'role="tab"');
    expect(drawn.map((tag) => attributeOf(tag, 'aria-selected'))).toEqual(['false', 'true']);
    expect(drawn.map((tag) => attributeOf(tag, 'tabindex'))).toEqual(['-1', '0']);
    expect(drawn.map((tag) => attributeOf(tag, 'aria-controls'))).toEqual(['panel', 'panel']);
  });
});

describe('ProgressBar', () => {
  it('is a count of a count', () => {
    const markup = render(createElement(ProgressBar, { label: 'Reading', done: 6, total: 14, unit: 'repositories' }));
    const bar = tagsWith(markup, 'role="progressbar"')[0];
    expect(attributeOf(bar, 'aria-valuenow')).toBe('6');
    expect(attributeOf(bar, 'aria-valuemax')).toBe('14');
    expect(attributeOf(bar, 'aria-valuetext')).toBe('6 of 14 repositories');
  });

  it('claims no share while the total is not known', () => {
    const markup = render(createElement(ProgressBar, { label: 'Reading', done: 6, total: null, unit: 'commits' }));
    expect(attributeOf(tagsWith(markup, 'role="progressbar"')[0], 'aria-valuenow')).toBeUndefined();
    expect(textOf(markup)).toContain('6 commits so far');
  });
});

describe('DataTable', () => {
  const columns = [
    { key: 'name', head: 'Name', cell: (row: { name: string }) => row.name, rowHead: true },
    { key: 'count', head: 'Commits', cell: () => 1, align: 'end', sort: 'descending' },
  ] as const;

  it('names columns and rows and says how it is sorted', () => {
    const table = {
      caption: 'Sources',
      columns,
      rows: [{ name: 'docs' }],
      rowKey: (row: { name: string }) => row.name,
    };
    const markup = render(createElement(DataTable<{ name: string }>, { ...table, onSort: () => undefined }));
    expect(tagsWith(markup, 'scope="col"')).toHaveLength(2);
    expect(tagsWith(markup, 'scope="row"')).toHaveLength(1);
    expect(tagsWith(markup, 'aria-sort="descending"')).toHaveLength(1);
    expect(markup).toContain('<caption class="vh">Sources</caption>');
  });
});

describe('small decisions', () => {
  it('step through a list and stop at its ends', () => {
    expect(stepIndex('ArrowDown', 1, 3)).toBe(2);
    expect(stepIndex('ArrowDown', 2, 3)).toBe(2);
    expect(stepIndex('ArrowRight', -1, 3)).toBe(0);
    expect(stepIndex('ArrowLeft', -1, 3)).toBe(2);
    expect(stepIndex('Home', 2, 3)).toBe(0);
    expect(stepIndex('End', 0, 3)).toBe(2);
    expect(stepIndex('a', 0, 3)).toBeNull();
    expect(stepIndex('End', 0, 0)).toBeNull();
  });

  it('find a zone by any of its words, without accents', () => {
    const zones = ['America/Sao_Paulo', 'Europe/Lisbon', 'Australia/Lindeman'].map((value) => ({
      value,
      label: value,
    }));
    const find = (typed: string): string[] => filterOptions(zones, typed).map((option) => option.value);
    expect(find('lis')).toEqual(['Europe/Lisbon']);
    expect(find('são paulo')).toEqual(['America/Sao_Paulo']);
    expect(find('europe lisbon')).toEqual(['Europe/Lisbon']);
    expect(find('li')).toEqual(['Europe/Lisbon', 'Australia/Lindeman', 'America/Sao_Paulo'].slice(0, 2));
    expect(find('')).toHaveLength(3);
  });

  it('put a popover where it can be seen', () => {
    const window = { windowWidth: 390, windowHeight: 800, width: 180, height: 200 };
    expect(findPlace({ ...window, at: { left: 20, right: 50, top: 100, bottom: 130 } })).toEqual({
      left: 20,
      top: 134,
    });
    expect(findPlace({ ...window, at: { left: 350, right: 380, top: 100, bottom: 130 } })).toEqual({
      left: 200,
      top: 134,
    });
    expect(findPlace({ ...window, at: { left: 20, right: 50, top: 700, bottom: 730 } })).toEqual({
      left: 20,
      top: 496,
    });
  });

  it('keep a tip inside the window, beneath its point where there is no room above', () => {
    const tip = { width: 100, height: 40, windowWidth: 390 };
    expect(placeTip({ ...tip, x: 200, y: 300 })).toEqual({ left: 150, top: 252 });
    expect(placeTip({ ...tip, x: 385, y: 300 })).toEqual({ left: 282, top: 252 });
    expect(placeTip({ ...tip, x: 5, y: 20 })).toEqual({ left: 8, top: 42 });
  });

  it('take initials in any script', () => {
    expect(['Juno Hale', 'mika', 'Ana Maria de Sá', '山田 太郎', ''].map(takeInitials)).toEqual([
      'JH',
      'M',
      'AS',
      '山太',
      '',
    ]);
  });
});
