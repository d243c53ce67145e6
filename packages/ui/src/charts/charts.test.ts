import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import { shiftDay } from '../format/format-day.ts';
import { ReceiptsContext } from '../receipts-context.ts';
import { attributeOf, render, tableOf, tagsWith, textOf } from '../testing/read-markup.ts';
import { TileViewContext } from '../tile-view-context.ts';
import { Bars } from './bars.tsx';
import { Calendar } from './calendar.tsx';
import { HourGrid } from './hour-grid.tsx';
import { RankedBars } from './ranked-bars.tsx';
import { ShareBar } from './share-bar.tsx';
import { Spark } from './spark.tsx';
import { StripPlot } from './strip-plot.tsx';

const today = '2026-11-20';
const days = Array.from({ length: 60 }, (_, index) => {
  const day = shiftDay(today, index - 59);
  return index === 30 ? { day, value: null, reason: 'sign-in had expired' } : { day, value: index % 8 };
});
const calendar = (props: object = {}): string =>
  render(createElement(Calendar, { label: 'Commits by day', days, today, unit: 'commits', ...props }));
const bars = [
  { key: 'a', label: 'Mon 16 Nov', value: 9, before: 7 },
  { key: 'b', label: 'Tue 17 Nov', value: null, before: 5, reason: 'not read' },
  { key: 'c', label: 'Wed 18 Nov', value: 4, before: 0, unfinished: true },
];

describe('Calendar', () => {
  it('is a grid of seven rows with one named cell a day', () => {
    const markup = calendar();
    expect(tagsWith(markup, 'role="grid"')).toHaveLength(1);
    expect(tagsWith(markup, 'role="row"')).toHaveLength(7);
    expect(tagsWith(markup, 'role="rowheader"')).toHaveLength(7);
    const names = tagsWith(markup, 'role="gridcell"').map((tag) => attributeOf(tag, 'aria-label'));
    expect(names).toHaveLength(60);
    expect(names).toContain('Thu 19 Nov 2026: 2 commits');
    expect(names).toContain('Fri 20 Nov 2026: 3 commits so far');
    expect(names).toContain('Thu 22 Oct 2026: unknown, sign-in had expired');
  });

  it('is one stop for the keyboard, at today', () => {
    const stops = tagsWith(calendar(), 'tabindex="0"');
    expect(stops).toHaveLength(1);
    expect(attributeOf(stops[0], 'aria-label')).toMatch(/^Fri 20 Nov 2026/);
  });

  it('hatches the unknown and colours by level', () => {
    const markup = calendar();
    expect(tagsWith(markup, 'cell cell-unknown')).toHaveLength(1);
    const zeros = tagsWith(markup, 'role="gridcell"').filter((tag) => tag.includes('cell-0'));
    expect(zeros).toHaveLength(days.filter((entry) => entry.value === 0).length);
  });

  it('states the thresholds of its scale', () => {
    expect(calendar()).toContain('Scale in commits: 0; 1 to 2; 3 to 4; 5 to 6; 7 or more');
  });

  it('shows the same days as rows, newest first, with states in words', () => {
    const rows = tableOf(calendar({ view: 'table' }));
    expect(rows).toHaveLength(61);
    expect(rows[1]).toEqual(['Fri 20 Nov 2026', '3', 'so far']);
    expect(rows[29]).toEqual(['Fri 23 Oct 2026', '7', '']);
    expect(rows[30]).toEqual(['Thu 22 Oct 2026', '—', 'sign-in had expired']);
  });

  it('follows the view of its tile', () => {
    const inTile = createElement(
      TileViewContext,
      { value: 'table' },
      createElement(Calendar, { label: 'x', days, today, unit: 'commits' }),
    );
    expect(render(inTile)).not.toContain('role="grid"');
  });

  it('draws nothing but the legend-free frame when there are no days', () => {
    expect(tagsWith(calendar({ days: [] }), 'role="gridcell"')).toHaveLength(0);
  });
});

describe('Bars', () => {
  const draw = (props: object = {}): string =>
    render(
      createElement(Bars, { label: 'Commits by day', finding: 'Most on Monday.', bars, unit: 'commits', ...props }),
    );

  it('is an image with a finding, one stop, and a table behind it that equals the data', () => {
    const markup = draw({ beforeLabel: 'last week' });
    const plot = tagsWith(markup, 'role="img"')[0];
    expect(attributeOf(plot, 'aria-label')).toBe('Commits by day. Most on Monday.');
    expect(attributeOf(plot, 'tabindex')).toBe('0');
    expect(tableOf(markup)).toEqual([
      ['When', 'commits', 'last week', 'Remark'],
      ['Mon 16 Nov', '9', '7', ''],
      ['Tue 17 Nov', '—', '5', 'not read'],
      ['Wed 18 Nov', '4', '0', 'not over'],
    ]);
  });

  it('hatches what is unknown and what is not over, in different ways', () => {
    const markup = draw();
    expect(tagsWith(markup, '-unknown)')).toHaveLength(1);
    expect(tagsWith(markup, '-unfinished)')).toHaveLength(1);
  });

  it('has no column of remarks where there is nothing to remark', () => {
    expect(tableOf(draw({ bars: bars.slice(0, 1) }))[0]).toEqual(['When', 'commits', 'before']);
  });
});

describe('HourGrid', () => {
  const cells = [
    { weekday: 2, hour: 10, value: 41 },
    { weekday: 7, hour: 23, value: 41 },
  ];

  it('names all 168 hours and rings the first of the busiest', () => {
    const markup = render(createElement(HourGrid, { label: 'Commits by hour', cells, unit: 'commits' }));
    expect(tagsWith(markup, 'role="gridcell"')).toHaveLength(168);
    const ringed = tagsWith(markup, 'cell-ringed');
    expect(ringed.map((tag) => attributeOf(tag, 'aria-label'))).toEqual(['Tue 10:00: 41 commits']);
    expect(attributeOf(ringed[0], 'tabindex')).toBe('0');
  });

  it('starts the week where the person does, and keeps every hour in its own row', () => {
    const rows = tableOf(
      render(createElement(HourGrid, { label: 'x', cells, unit: 'commits', weekStart: 7, view: 'table' })),
    );
    expect(rows[0]).toEqual(['Hour', 'Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']);
    expect(rows[11]).toEqual(['10:00', '0', '0', '41', '0', '0', '0', '0']);
    expect(rows[24]?.[1]).toBe('41');
  });
});

describe('RankedBars', () => {
  const rows = ['a', 'b', 'c', 'd'].map((label, index) => ({
    key: label,
    label,
    value: index === 3 ? null : 10 - index,
  }));

  it('is an ordered list, largest first, with the rest summed', () => {
    const markup = render(createElement(RankedBars, { label: 'By repository', rows, unit: 'commits', most: 2 }));
    expect(textOf(markup)).toBe('a 10 b 9 2 other 8');
    expect(attributeOf(tagsWith(markup, '<ol')[0], 'aria-label')).toBe('By repository');
  });

  it('hatches what is unknown and writes a dash', () => {
    const markup = render(createElement(RankedBars, { label: 'x', rows, unit: 'commits' }));
    expect(tagsWith(markup, 'track-unknown')).toHaveLength(1);
    expect(textOf(markup)).toMatch(/d —$/);
  });

  it('opens the receipt of a row', () => {
    const receipts = { open: () => undefined, current: null, panelId: 'p' };
    const asked = [{ key: 'a', label: 'a', value: 10, question: { metric: 'commits' } }];
    const list = createElement(RankedBars, { label: 'x', rows: asked, unit: 'commits' });
    expect(textOf(render(createElement(ReceiptsContext, { value: receipts }, list)))).toContain(
      'a, 10 commits: open receipt',
    );
  });
});

describe('ShareBar', () => {
  it('labels at most five parts and the rest with their shares, in the fixed order of hues', () => {
    const parts = [50, 20, 10, 8, 6, 4, 2].map((value, index) => ({
      key: String(index),
      label: `part ${index}`,
      value,
    }));
    const markup = render(createElement(ShareBar, { label: 'Lines', parts, unit: 'lines' }));
    const legend = textOf(/<ul class="legend"[\s\S]*<\/ul>/.exec(markup)?.[0] ?? '');
    expect(legend).toBe('part 0 50 % part 1 20 % part 2 10 % part 3 8 % part 4 6 % 2 other 6 %');
    expect(markup.indexOf('--color-c1')).toBeLessThan(markup.indexOf('--color-c2'));
    expect(tableOf(markup)).toHaveLength(8);
  });

  it('stands nothing for nothing', () => {
    const markup = render(
      createElement(ShareBar, { label: 'x', parts: [{ key: 'a', label: 'a', value: 0 }], unit: 'lines' }),
    );
    expect(tagsWith(markup, '<li')).toHaveLength(0);
    expect(markup).not.toContain('NaN');
  });
});

describe('Spark and StripPlot', () => {
  it('say their values', () => {
    const spark = render(createElement(Spark, { label: 'By day', bars, unit: 'commits' }));
    expect(spark).toContain('By day: Mon 16 Nov 9, Tue 17 Nov unknown, Wed 18 Nov 4');
  });

  it('draw every record as a tick and list it in the table', () => {
    const records = [105, 350, 1600, 7265, 425].map((value, index) => ({
      key: String(index),
      label: `#${index}`,
      value,
    }));
    const markup = render(createElement(StripPlot, { label: 'All five', records, unit: 'minutes', mark: 425 }));
    expect(tagsWith(markup, 'class="strip-tick')).toHaveLength(5);
    expect(tagsWith(markup, 'strip-band')).toHaveLength(1);
    expect(
      tableOf(markup)
        .slice(1)
        .map((row) => row[0]),
    ).toEqual(['#0', '#1', '#4', '#2', '#3']);
  });
});
