// Reads one event in a pool and says how many commits came of it; started by a test under `node --watch`.
import { newId } from '@devpulse/db/ids';
import { ParsePool } from '../derive/parse-pool.ts';
import { commitOf } from './history.ts';

const pool = new ParsePool({ registry: new URL('registry.ts', import.meta.url).href });
const body = Buffer.from(JSON.stringify([commitOf(1)]));
const { counts } = await pool.parse(newId(), [{ source: 'plain', key: 'one', kind: 'facts', body }]);
process.stdout.write(`${counts.commits} commits\n`);
await pool.close();
