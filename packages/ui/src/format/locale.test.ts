import { afterEach, describe, expect, it } from 'vitest';
import { formatDay, formatDayRange, formatFullDay, formatFullRange } from './format-day.ts';
import { formatCount } from './format-number.ts';
import { type LocaleName, locales, setLocale } from './locale.ts';

const plain = (text: string): string => text.replaceAll(/\s/g, ' ');

afterEach(() => setLocale('en-GB'));

describe('setLocale', () => {
  it('writes numbers and days in the way that was chosen', () => {
    setLocale('de-DE');
    expect(formatCount(1038.5, 1)).toBe('1.038,5');
    expect(plain(formatDay('2025-09-08', '2026-11-20'))).toBe('8. Sept. 2025');
    expect(plain(formatDayRange('2026-10-24', '2026-11-20', '2026-11-20'))).toBe('24. Okt. – 20. Nov.');
    expect(plain(formatFullRange('2026-10-24', '2026-11-20'))).toBe('24. Okt. 2026 – 20. Nov. 2026');
    setLocale('en-US');
    expect(plain(formatDay('2026-09-08', '2026-11-20'))).toBe('Sep 8');
    setLocale('iso');
    expect(formatDay('2026-09-08', '2026-11-20')).toBe('2026-09-08');
    expect(plain(formatFullDay('2026-08-11'))).toBe('Tue 2026-08-11');
    expect(formatCount(1038)).toBe('1,038');
  });

  it('says of each locale what it then does', () => {
    for (const [name, words] of Object.entries(locales)) {
      setLocale(name as LocaleName);
      expect(plain(words), name).toContain(
        `${plain(formatCount(1038.5, 1))} and ${plain(formatDay('2026-09-08', '2000-01-01'))}`,
      );
    }
  });

  it('knows the same locales as the server', async () => {
    const { localeNames } = await import('@devpulse/contract/wire/profile');
    expect(Object.keys(locales)).toEqual([...localeNames]);
  });
});
