import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openClient } from '@devpulse/db/connection';
import { createTestDatabase, findTestServer } from '@devpulse/db/testing/test-server';
import { connectors } from '@devpulse/connectors/registry.gen';
import { personTables } from '../exports/person-tables.ts';
import { drawPrivacy } from './draw-privacy.ts';
import { privacyFeatures } from './features.ts';

let tables: string[];
let drop: () => Promise<void>;

beforeAll(async () => {
  const database = await createTestDatabase();
  drop = database.drop;
  const admin = { ...findTestServer().admin, database: database.logins.app.database };
  const client = await openClient(admin, 'tests', () => undefined);
  const { rows } = await client.query<{ name: string }>(
    `select case when n.nspname = 'public' then c.relname else n.nspname || '.' || c.relname end as name
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$|pgboss$)' order by 1`,
  );
  tables = rows.map((row) => row.name);
  await client.end();
});
afterAll(() => drop());

describe('the privacy page', () => {
  it('names every table of the store, each in one feature, and none that is not there', () => {
    const named = privacyFeatures.flatMap((feature) => feature.tables);
    expect(named.toSorted()).toEqual([...new Set(named)].toSorted());
    expect(named.toSorted()).toEqual(tables.toSorted());
    expect(Object.keys(personTables).filter((table) => !named.includes(table))).toEqual([]);
  });

  it('names every connector', () => {
    const named = privacyFeatures.flatMap((feature) => feature.connectors);
    expect(named.toSorted()).toEqual(connectors.map((connector) => connector.id).toSorted());
  });

  it('says the same in the document', () => {
    const text = drawPrivacy();
    for (const feature of privacyFeatures)
      for (const words of [feature.title, feature.from, feature.seenBy, feature.kept, ...feature.collects])
        expect(text).toContain(words);
  });
});
