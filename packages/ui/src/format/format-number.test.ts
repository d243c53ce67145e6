import { describe, expect, it } from 'vitest';
import {
  compactCount,
  formatCell,
  formatCount,
  formatShare,
  formatTick,
  formatValue,
  nameUnit,
  sayValue,
  splitExact,
  splitFigure,
} from './format-number.ts';

const join = (parts: { number: string; unit: string }[]): string =>
  parts.map((part) => `${part.number}${part.unit}`).join(' ');

describe('counts', () => {
  it('separates thousands and writes a true minus', () => {
    expect(formatCount(1038)).toBe('1,038');
    expect(formatCount(-6)).toBe('\u22126');
    expect(formatCount(-0.2)).toBe('0');
  });

  it('are exact below 10,000 and compact from there', () => {
    expect(compactCount(9999)).toEqual({ number: '9,999', unit: '' });
    expect(compactCount(10_000)).toEqual({ number: '10', unit: 'k' });
    expect(compactCount(12_431)).toEqual({ number: '12.4', unit: 'k' });
    expect(compactCount(999_999)).toEqual({ number: '1', unit: 'M' });
    expect(compactCount(-12_431)).toEqual({ number: '\u221212.4', unit: 'k' });
  });

  it('are exact in a receipt and in a table', () => {
    expect(splitExact(12_431, 'commits')).toEqual([{ number: '12,431', unit: 'commits' }]);
    expect(splitExact(1, 'days')).toEqual([{ number: '1', unit: 'day' }]);
    expect(formatValue(12_431, 'commits')).toBe('12,431');
  });
});

describe('durations', () => {
  it('have two units at most', () => {
    expect(join(splitFigure(1600, 'minutes'))).toBe('26h 40min');
    expect(join(splitFigure(3060, 'minutes'))).toBe('2d 3h');
    expect(join(splitFigure(48, 'minutes'))).toBe('48min');
    expect(join(splitFigure(60, 'minutes'))).toBe('1h');
    expect(join(splitFigure(0, 'minutes'))).toBe('0min');
    expect(join(splitFigure(2.5, 'hours'))).toBe('2h 30min');
  });

  it('carry over where rounding fills a unit', () => {
    expect(join(splitFigure(59.7, 'minutes'))).toBe('1h');
    expect(join(splitFigure(48 * 60 + 59.9, 'minutes'))).toBe('2d 1h');
  });

  it('stand in tables as hours with two-digit minutes', () => {
    expect(formatCell(7265, 'minutes')).toBe('121\u00a0h\u00a005');
    expect(formatCell(48, 'minutes')).toBe('48\u00a0min');
    expect(formatCell(null, 'minutes')).toBe('—');
    expect(formatCell(12_431, 'lines')).toBe('12,431');
  });

  it('are short on an axis', () => {
    expect(formatTick(1440, 'minutes')).toBe('1\u00a0d');
    expect(formatTick(240, 'minutes')).toBe('4\u00a0h');
    expect(formatTick(20_000, 'lines')).toBe('20\u00a0k');
    expect(formatTick(0, 'hours')).toBe('0');
  });
});

describe('shares', () => {
  it('have one decimal while fewer than 1,000 were counted', () => {
    expect(formatShare(94.12, 152).number).toBe('94.1');
    expect(formatShare(94.12, 1_000).number).toBe('94');
  });

  it('are 0 and 100 only when exact', () => {
    expect(formatShare(99.99, 152).number).toBe('99.9');
    expect(formatShare(99.99, 5_000).number).toBe('99');
    expect(formatShare(0.01, 152).number).toBe('0.1');
    expect(formatShare(100, 152).number).toBe('100');
    expect(formatShare(0, 152).number).toBe('0');
  });
});

describe('words', () => {
  it('put the unit after a no-break space', () => {
    expect(formatValue(1600, 'minutes')).toBe('26\u00a0h\u00a040\u00a0min');
    expect(formatValue(94.1, 'percent')).toBe('94.1\u00a0%');
  });

  it('say what is unknown, never 0', () => {
    expect(formatValue(null, 'commits')).toBe('—');
    expect(sayValue(null, 'commits')).toBe('unknown');
  });

  it('say a value in full', () => {
    expect(sayValue(1600, 'minutes')).toBe('26 hours 40 minutes');
    expect(sayValue(61, 'minutes')).toBe('1 hour 1 minute');
    expect(sayValue(1, 'commits')).toBe('1 commit');
    expect(sayValue(94.1, 'percent')).toBe('94.1 per cent');
  });

  it('know the singular', () => {
    expect(nameUnit(1, 'repositories')).toBe('repository');
    expect(nameUnit(1, 'people')).toBe('person');
    expect(nameUnit(2, 'people')).toBe('people');
  });
});
