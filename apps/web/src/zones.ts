import type { ComboboxOption } from '@devpulse/ui/filter-options';

/** The zone this device is in; a guess that can be changed. */
export function guessZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Every zone the browser knows, with the time it is there. */
export function listZones(now: Date, chosen: string): ComboboxOption[] {
  const names = new Set([chosen, 'UTC', ...Intl.supportedValuesOf('timeZone')]);
  return [...names]
    .toSorted()
    .map((name) => ({ value: name, label: name.replaceAll('_', ' '), note: timeIn(name, now) }));
}

/** The clock time in a zone. */
export function timeIn(zone: string, now: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(now);
}

/** The first day of the week where this device is set up; Monday where the browser does not tell. */
export function guessWeekStart(): number {
  const locale = new Intl.Locale(navigator.language) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return locale.getWeekInfo?.().firstDay ?? locale.weekInfo?.firstDay ?? 1;
}

export const weekStarts = [
  { value: '1', label: 'Monday' },
  { value: '7', label: 'Sunday' },
  { value: '6', label: 'Saturday' },
] as const;

/** ISO weekdays by name. */
export const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
