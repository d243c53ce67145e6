import type { AuditEntry } from '@devpulse/contract/wire/audit';
import { formatCsvRow } from '../exports/csv-cells.ts';

const columns: readonly [string, (entry: AuditEntry) => string | null][] = [
  ['seq', (entry) => String(entry.seq)],
  ['at', (entry) => entry.at],
  ['action', (entry) => entry.action],
  ['title', (entry) => entry.title],
  ['actor', (entry) => entry.actor.name],
  ['actor_person_id', (entry) => entry.actor.personId],
  ['actor_account_id', (entry) => entry.actor.accountId],
  ['via', (entry) => entry.actor.via],
  ['address', (entry) => entry.address],
  ['request_id', (entry) => entry.requestId],
  ['target_kind', (entry) => entry.target?.kind ?? null],
  ['target_id', (entry) => entry.target?.id ?? null],
  ['target_name', (entry) => entry.target?.name ?? null],
  ['changes', writeChanges],
  ['before', (entry) => (entry.before === null ? null : JSON.stringify(entry.before))],
  ['after', (entry) => (entry.after === null ? null : JSON.stringify(entry.after))],
  ['hash', (entry) => entry.hash],
];

/** `Role: Member → Admin; Name: Ada`. */
function writeChanges({ changes }: AuditEntry): string | null {
  if (changes.length === 0) return null;
  return changes
    .map(({ what, before, after }) => `${what}: ${[before, after].filter((value) => value !== null).join(' → ')}`)
    .join('; ');
}

/** The log as CSV (RFC 4180), a piece at a time. */
export async function* writeCsv(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  yield formatCsvRow(columns.map(([name]) => name));
  for await (const entries of pages)
    yield entries.map((entry) => formatCsvRow(columns.map(([, read]) => read(entry)))).join('');
}

/** The log as lines of JSON. */
export async function* writeJsonLines(pages: AsyncIterable<AuditEntry[]>): AsyncGenerator<string> {
  for await (const entries of pages) yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');
}
