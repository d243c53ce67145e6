import { formatDuration } from './format-duration.ts';
import { readLocale } from './locale.ts';

/** No-break space: stands between a number and its unit. */
export const noBreak = '\u00a0';
/** The true minus sign, as wide as a plus. */
export const minus = '\u2212';
/** Stands where a number is not known; never 0, never blank. */
export const unknownMark = '—';

/** One number and the unit beside it, drawn smaller. */
export interface FigurePart {
  number: string;
  unit: string;
}

// Making one costs a phone a millisecond, and a board writes hundreds of numbers.
const formats = new Map<string, Intl.NumberFormat>();

function findFormat(locale: string, digits: number): Intl.NumberFormat {
  const key = `${locale} ${digits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    formats.set(key, format);
  }
  return format;
}

/** A count, with the separators of the locale and a true minus: `1,038`. */
export function formatCount(value: number, digits = 0): string {
  const locale = readLocale();
  const text = findFormat(locale === 'iso' ? 'en' : locale, digits).format(Math.abs(value));
  return value < 0 && text !== '0' ? `${minus}${text}` : text;
}

/** A count short enough for a tile: exact below 10,000, then `12.4 k`. */
export function compactCount(value: number): FigurePart {
  const size = Math.abs(value);
  if (size < 10_000) return { number: formatCount(value, Number.isInteger(value) ? 0 : 1), unit: '' };
  const [scale, unit] = size < 999_950 ? [1_000, 'k'] : size < 999_950_000 ? [1_000_000, 'M'] : [1_000_000_000, 'G'];
  return { number: formatCount(value / scale, 1), unit };
}

/** A share of 0 to 100: one decimal while fewer than 1,000 things were counted; 0 and 100 only when exact. */
export function formatShare(percent: number, of = 0): FigurePart {
  const digits = of < 1_000 ? 1 : 0;
  let rounded = Number(percent.toFixed(digits));
  const least = digits === 1 ? 0.1 : 1;
  if (rounded === 0 && percent > 0) rounded = least;
  if (rounded === 100 && percent < 100) rounded = 100 - least;
  return { number: formatCount(rounded, digits), unit: '%' };
}

/** The word for so many of a unit: `nameUnit(1, 'commits')` is `commit`. */
export function nameUnit(count: number, unit: string): string {
  if (count !== 1) return unit;
  if (unit === 'people') return 'person';
  if (unit.endsWith('ies')) return `${unit.slice(0, -3)}y`;
  return unit.endsWith('s') ? unit.slice(0, -1) : unit;
}

/** A metric's value as the parts a figure is drawn of. Durations and shares carry their unit, counts do not. */
export function splitFigure(value: number, unit: string): FigurePart[] {
  if (unit === 'hours') return formatDuration(value * 60);
  if (unit === 'minutes') return formatDuration(value);
  if (unit === 'percent') return [formatShare(value)];
  return [compactCount(value)];
}

/** A metric's value as plain text, exact, for tables and receipts: `26 h 40 min`, `94.1 %`, `12,431`. */
export function formatValue(value: number | null, unit: string): string {
  if (value === null) return unknownMark;
  if (unit === 'hours' || unit === 'minutes' || unit === 'percent') {
    return splitFigure(value, unit)
      .map((part) => (part.unit === '' ? part.number : `${part.number}${noBreak}${part.unit}`))
      .join(noBreak);
  }
  return formatCount(value, Number.isInteger(value) ? 0 : 1);
}

const spokenUnits: Record<string, string> = { d: 'days', h: 'hours', min: 'minutes' };

/** A metric's value as it is said: `26 hours 40 minutes`, `1 commit`, `unknown`. */
export function sayValue(value: number | null, unit: string): string {
  if (value === null) return 'unknown';
  if (unit === 'percent') return `${formatShare(value).number} per cent`;
  if (unit === 'hours' || unit === 'minutes') {
    return splitFigure(value, unit)
      .map((part) => `${part.number} ${nameUnit(Number(part.number), spokenUnits[part.unit] ?? part.unit)}`)
      .join(' ');
  }
  const text = formatValue(value, unit);
  return unit === '' ? text : `${text} ${nameUnit(value, unit)}`;
}

/** A metric's value as the parts of a receipt's figure: exact, never compact. */
export function splitExact(value: number, unit: string): FigurePart[] {
  const parts = splitFigure(value, unit);
  const [only] = parts;
  if (parts.length > 1 || only?.unit === '%' || only?.unit === 'min') return parts;
  return [{ number: formatValue(value, unit), unit: unit === '' ? '' : nameUnit(value, unit) }];
}

/** A value for a column of a table: hours with two-digit minutes, so that the digits stand above each other: `121 h 05`. */
export function formatCell(value: number | null, unit: string): string {
  if (value === null || (unit !== 'hours' && unit !== 'minutes')) return formatValue(value, unit);
  const minutes = Math.round(Math.abs(unit === 'hours' ? value * 60 : value));
  const sign = value < 0 && minutes > 0 ? minus : '';
  if (minutes < 60) return `${sign}${minutes}${noBreak}min`;
  return `${sign}${formatCount(Math.floor(minutes / 60))}${noBreak}h${noBreak}${String(minutes % 60).padStart(2, '0')}`;
}

/** A value on an axis: as short as it may be, `5 h`, `1 d`, `20 k`. */
export function formatTick(value: number, unit: string): string {
  if (value === 0) return '0';
  const hours = unit === 'hours' ? value : value / 60;
  if ((unit === 'hours' || unit === 'minutes') && hours >= 24 && hours % 24 === 0) return `${hours / 24}${noBreak}d`;
  if (unit === 'hours') return `${formatCount(value, 1)}${noBreak}h`;
  if (unit === 'minutes') return formatValue(value, unit);
  if (unit === 'percent') return `${formatCount(value, 1)}${noBreak}%`;
  const part = compactCount(value);
  return part.unit === '' ? part.number : `${part.number}${noBreak}${part.unit}`;
}
