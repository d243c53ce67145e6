import { addDays } from './zone-time.ts';

/** Where somebody lives, as far as free days go. */
export type Region = 'PT' | 'DE' | 'IN' | 'NL' | 'PL' | 'JP' | 'ZA' | 'ES' | 'US' | 'FR' | 'DK';

// The well-known ones are enough: this is a story, not a calendar service.
const fixed: Record<Region, Record<string, string>> = {
  PT: {
    '01-01': 'New Year',
    '04-25': 'Freedom Day',
    '05-01': 'Labour Day',
    '06-10': 'Portugal Day',
    '08-15': 'Assumption',
    '10-05': 'Republic Day',
    '11-01': 'All Saints',
    '12-01': 'Restoration of Independence',
    '12-08': 'Immaculate Conception',
    '12-25': 'Christmas',
  },
  DE: {
    '01-01': 'New Year',
    '05-01': 'Labour Day',
    '10-03': 'Unity Day',
    '12-25': 'Christmas',
    '12-26': 'Second day of Christmas',
  },
  IN: { '01-26': 'Republic Day', '08-15': 'Independence Day', '10-02': 'Gandhi Jayanti' },
  NL: { '01-01': 'New Year', '04-27': 'King’s Day', '12-25': 'Christmas', '12-26': 'Second day of Christmas' },
  PL: {
    '01-01': 'New Year',
    '05-01': 'Labour Day',
    '05-03': 'Constitution Day',
    '11-11': 'Independence Day',
    '12-25': 'Christmas',
  },
  JP: {
    '01-01': 'New Year',
    '01-02': 'New Year',
    '01-03': 'New Year',
    '04-29': 'Shōwa Day',
    '05-03': 'Constitution Day',
    '05-04': 'Greenery Day',
    '05-05': 'Children’s Day',
    '11-03': 'Culture Day',
  },
  ZA: {
    '01-01': 'New Year',
    '04-27': 'Freedom Day',
    '06-16': 'Youth Day',
    '09-24': 'Heritage Day',
    '12-16': 'Day of Reconciliation',
    '12-25': 'Christmas',
  },
  ES: {
    '01-01': 'New Year',
    '01-06': 'Epiphany',
    '05-01': 'Labour Day',
    '08-15': 'Assumption',
    '10-12': 'National Day',
    '12-06': 'Constitution Day',
    '12-25': 'Christmas',
  },
  US: { '01-01': 'New Year', '06-19': 'Juneteenth', '07-04': 'Independence Day', '12-25': 'Christmas' },
  FR: {
    '01-01': 'New Year',
    '05-01': 'Labour Day',
    '05-08': 'Victory Day',
    '07-14': 'Bastille Day',
    '11-11': 'Armistice',
    '12-25': 'Christmas',
  },
  DK: { '01-01': 'New Year', '06-05': 'Constitution Day', '12-24': 'Christmas Eve', '12-25': 'Christmas' },
};

const withoutEaster: readonly Region[] = ['IN', 'JP', 'US'];

/** What a free day is called there, or null on an ordinary one. */
export function holidayOn(region: Region, day: string): string | null {
  const named = fixed[region][day.slice(5)];
  if (named !== undefined) return named;
  if (withoutEaster.includes(region)) return null;
  const easter = easterOf(Number(day.slice(0, 4)));
  if (day === addDays(easter, -2)) return 'Good Friday';
  return day === addDays(easter, 1) && region !== 'PT' && region !== 'ES' ? 'Easter Monday' : null;
}

/** The Gregorian rule as Meeus, Jones and Butcher wrote it. */
function easterOf(year: number): string {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const correction = Math.floor((8 * century + 13) / 25);
  const epact = (19 * golden + century - Math.floor(century / 4) - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const number = epact + weekday - 7 * shift + 114;
  const pad = (value: number): string => String(value).padStart(2, '0');
  return `${year}-${pad(Math.floor(number / 31))}-${pad((number % 31) + 1)}`;
}
