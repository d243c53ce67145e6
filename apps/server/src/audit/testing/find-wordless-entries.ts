import type pg from 'pg';
import { findWordless } from '../describe-changes.ts';

interface Row {
  action: string;
  before: string | null;
  after: string | null;
}

/** What the audit logs of a store tell without words for it, and how many actions they hold. */
export async function findWordlessEntries(admin: pg.Client): Promise<{ wordless: string[]; actions: number }> {
  const { rows } = await admin.query<Row>('select action, before, after from audit_entries');
  const parse = (text: string | null): unknown => (text === null ? null : JSON.parse(text));
  const found = rows.flatMap((row) =>
    findWordless({ action: row.action, before: parse(row.before), after: parse(row.after) }),
  );
  return { wordless: [...new Set(found)].toSorted(), actions: new Set(rows.map(({ action }) => action)).size };
}
