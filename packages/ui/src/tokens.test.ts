import { describe, expect, it } from 'vitest';
import { contrast, distance, seeAs, toLinear, toOklab, type Oklch, type Sight } from './testing/oklch.ts';
import { readTokens, type Theme } from './testing/read-tokens.ts';

const themes = ['light', 'dark'] as const;
const grounds = ['canvas', 'surface', 'raised', 'sunken', 'paper'];
const series = ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8'];
const steps = ['cal-0', 'cal-1', 'cal-2', 'cal-3', 'cal-4'];
const tokens = readTokens();

/** What the table of the design promises, as the least ratio of its worst pair; rounding takes 0.05 at most. */
const promised: Record<Theme, Record<string, number>> = {
  light: {
    ink: 14.2,
    'ink-2': 7.3,
    'ink-3': 4.75,
    accent: 5.5,
    'on-accent': 6.2,
    words: 5.28,
    control: 3.32,
    series: 3.06,
  },
  dark: {
    ink: 13.4,
    'ink-2': 8,
    'ink-3': 5.6,
    accent: 7.7,
    'on-accent': 9.7,
    words: 6.06,
    control: 3.16,
    series: 3.31,
  },
};

function colour(theme: Theme, name: string): Oklch {
  const found = tokens[theme].get(name);
  if (!found) throw new Error(`there is no token ${name}`);
  return found;
}

function worst(theme: Theme, names: readonly string[], on: readonly string[]): number {
  return Math.min(...names.flatMap((name) => on.map((ground) => contrast(colour(theme, name), colour(theme, ground)))));
}

/** The least a ratio may be, with what rounding takes. */
function least(theme: Theme, key: string): number {
  return (promised[theme][key] ?? Number.NaN) - 0.05;
}

describe('the contrast of the tokens', () => {
  it('knows black on white', () => {
    expect(contrast({ l: 0, c: 0, h: 0 }, { l: 1, c: 0, h: 0 })).toBeCloseTo(21, 5);
  });

  it('reads every colour, in both themes', () => {
    for (const theme of themes) {
      expect(tokens[theme].size).toBeGreaterThanOrEqual(40);
      for (const [name, value] of tokens[theme]) expect(Object.values(value).every(Number.isFinite), name).toBe(true);
    }
  });

  it('keeps every colour inside sRGB', () => {
    for (const palette of [undefined, 'ember', 'contrast']) {
      const all = readTokens(palette);
      for (const theme of themes) {
        for (const [name, value] of all[theme]) {
          for (const channel of toLinear(value)) {
            expect(channel, `${name} in ${theme} ${palette ?? ''}`).toBeGreaterThan(-0.004);
            expect(channel, `${name} in ${theme} ${palette ?? ''}`).toBeLessThan(1.004);
          }
        }
      }
    }
  });

  it.each(themes)('keeps ink readable on every ground, in %s', (theme) => {
    for (const name of ['ink', 'ink-2', 'ink-3']) {
      expect(worst(theme, [name], grounds), name).toBeGreaterThanOrEqual(least(theme, name));
    }
  });

  it.each(themes)('keeps the accent readable on every ground and its wash, in %s', (theme) => {
    expect(worst(theme, ['accent', 'accent-strong'], [...grounds, 'accent-wash'])).toBeGreaterThanOrEqual(
      least(theme, 'accent'),
    );
    expect(worst(theme, ['on-accent'], ['accent', 'accent-strong'])).toBeGreaterThanOrEqual(least(theme, 'on-accent'));
  });

  it.each(themes)('keeps every word of a state readable on its wash and on the grounds, in %s', (theme) => {
    const words = ['ok', 'stale', 'throttled', 'denied', 'failed'];
    const onWash = words.map((name) => worst(theme, [name], [`${name}-wash`]));
    const onGround = worst(theme, [...words, 'good', 'worse'], ['canvas', 'surface', 'raised', 'paper']);
    expect(Math.min(...onWash, onGround)).toBeGreaterThanOrEqual(least(theme, 'words'));
  });

  it.each(themes)('lets edges of inputs and receipt dots be seen, in %s', (theme) => {
    expect(worst(theme, ['control'], ['surface', 'raised', 'canvas', 'paper'])).toBeGreaterThanOrEqual(
      least(theme, 'control'),
    );
    expect(worst(theme, ['hatch'], ['surface'])).toBeGreaterThanOrEqual(3);
  });

  it.each(themes)('lets every series be seen on the surface, in %s', (theme) => {
    expect(worst(theme, series, ['surface'])).toBeGreaterThanOrEqual(least(theme, 'series'));
  });
});

describe('the scales of calendars', () => {
  const ratiosOf = (theme: Theme, palette?: string): number[] => {
    const all = readTokens(palette)[theme];
    const scale = steps.map((name) => all.get(name) as Oklch);
    return scale.slice(1).map((step, index) => contrast(step, scale[index] as Oklch));
  };

  it('rise in the ratios that the design states', () => {
    const stated = { light: [1.36, 1.56, 1.85, 2.28], dark: [1.5, 1.84, 2.01, 2] };
    for (const theme of themes) {
      for (const [index, ratio] of ratiosOf(theme).entries()) {
        expect(ratio, `step ${index + 1} in ${theme}`).toBeCloseTo(stated[theme][index] ?? Number.NaN, 1);
      }
    }
  });

  it.each(['ember', 'contrast'])('rise by a third at least with each step of %s, by lightness alone', (palette) => {
    for (const theme of themes) {
      for (const [index, ratio] of ratiosOf(theme, palette).entries()) {
        expect(ratio, `step ${index + 1} in ${theme}`).toBeGreaterThanOrEqual(1.33);
      }
      const lightness = steps.map((name) => readTokens(palette)[theme].get(name)?.l ?? Number.NaN);
      const sorted = lightness.toSorted((a, b) => (theme === 'light' ? b - a : a - b));
      expect(lightness).toEqual(sorted);
    }
  });

  it.each([undefined, 'ember', 'contrast'])('keep their steps apart for every kind of sight: %s', (palette) => {
    for (const theme of themes) {
      const all = readTokens(palette)[theme];
      for (const sight of ['normal', 'protan', 'deutan', 'tritan'] as const) {
        const seen = steps.map((name) => toOklab(seeAs(sight, toLinear(all.get(name) as Oklch))));
        for (const [index, one] of seen.slice(1).entries()) {
          const apart = distance(one, seen[index] ?? one);
          expect(apart, `${palette ?? 'petrol'} step ${index + 1}, ${sight}, ${theme}`).toBeGreaterThanOrEqual(0.08);
        }
      }
    }
  });
});

describe('the hues of series', () => {
  /** Least OKLab distance of any two; what the design states, less rounding. */
  const stated: Record<Theme, Record<Sight, number>> = {
    light: { normal: 0.14, protan: 0.113, deutan: 0.094, tritan: 0.082 },
    dark: { normal: 0.128, protan: 0.103, deutan: 0.106, tritan: 0.087 },
  };

  it.each(themes)('can be told apart by every kind of sight, in %s', (theme) => {
    for (const sight of ['normal', 'protan', 'deutan', 'tritan'] as const) {
      const seen = series.map((name) => toOklab(seeAs(sight, toLinear(colour(theme, name)))));
      const apart = seen.flatMap((one, index) => seen.slice(index + 1).map((other) => distance(one, other)));
      expect(Math.min(...apart), `${sight} in ${theme}`).toBeGreaterThanOrEqual(stated[theme][sight] - 0.002);
    }
  });
});
