import type { FactRows, ParsedBatch } from './fact-rows.ts';
import type { FactShaper } from './shape-facts.ts';

/** What a batch was shaped into, as the texts that go into the statements. */
export function packRows(shaper: FactShaper): Omit<ParsedBatch, 'outcomes'> {
  const rows = shaper.rows();
  return {
    rows: mapTables(rows, JSON.stringify),
    counts: mapTables(rows, (table) => table.length),
    families: shaper.families().map(({ fact, rows: own, items }) => ({
      fact,
      rows: JSON.stringify(own),
      items: JSON.stringify(items),
      counts: { rows: own.length, items: items.length },
    })),
  };
}

function mapTables<Result>(
  rows: FactRows,
  map: (table: FactRows[keyof FactRows]) => Result,
): Record<keyof FactRows, Result> {
  return {
    identities: map(rows.identities),
    mentions: map(rows.mentions),
    repositories: map(rows.repositories),
    commits: map(rows.commits),
    credits: map(rows.credits),
    files: map(rows.files),
    reach: map(rows.reach),
    baselines: map(rows.baselines),
  };
}
