import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import { isZone } from '@devpulse/contract/zone';
import type { Store } from '@devpulse/db/open-store';

// The store reads these as fixed offsets all year round, the rest of the world as zones with summer time. They have been
// aliases of these cities since the 2024 edition of the zone list.
const cityOf: Readonly<Record<string, string>> = {
  CET: 'Europe/Brussels',
  MET: 'Europe/Brussels',
  EET: 'Europe/Athens',
  WET: 'Europe/Lisbon',
};

// Winter and summer of a year that no coming edition of the zone list will change any more.
const samples = ['2021-01-15T12:00:00Z', '2021-07-15T12:00:00Z'] as const;

/**
 * The zone under a name that the store and the runtime read alike, since days are cut by the one and shown by the other.
 * A name that passes here can never make a recount fail later.
 */
export async function checkZone(store: Store, name: string): Promise<string> {
  const zone = cityOf[name.toUpperCase()] ?? spellingOf(name);
  const inStore = await localTimesInStore(store, zone);
  const isAlike = (time: string, index: number): boolean => time === localTimeHere(samples[index] ?? '', zone);
  if (inStore !== null && isZone(zone) && inStore.every(isAlike)) return zone;
  throw new AppError('invalid_request', `The store does not know the time zone ${zone}.`, {
    problems: [{ path: 'body.zone', message: 'choose the name of a city, for example Europe/Berlin' }],
  });
}

async function localTimesInStore(store: Store, zone: string): Promise<string[] | null> {
  try {
    const { rows } = await sql<{ local: string }>`
      select to_char(instant::timestamptz at time zone ${zone}, 'YYYY-MM-DD HH24:MI') as local
      from unnest(${[...samples]}::text[]) with ordinality as sample (instant, place) order by place`.execute(
      store.app,
    );
    return rows.map((row) => row.local);
  } catch (error) {
    // 22023 invalid_parameter_value: the store has no such zone, which is an answer, not a fault.
    if ((error as { code?: string }).code === '22023') return null;
    throw error;
  }
}

function localTimeHere(instant: string, zone: string): string {
  // Swedish writes dates as the store does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(
    new Date(instant),
  );
}

function spellingOf(name: string): string {
  const lower = name.toLowerCase();
  return Intl.supportedValuesOf('timeZone').find((zone) => zone.toLowerCase() === lower) ?? name;
}
