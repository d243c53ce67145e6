import { z } from 'zod';

/** True for every zone the runtime knows, aliases included (America/Port-au-Prince, Etc/GMT+5). */
export function isZone(name: string): boolean {
  // Offsets such as "+05:30" are accepted by Intl but not by every PostgreSQL as the same thing: names only.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** An IANA time-zone name. */
export const zoneSchema = z.string().refine(isZone, 'not a time zone of the IANA list; an example is Europe/Berlin');
