import type { ReceiptRecord } from '@devpulse/contract/wire/metrics';

const columns = ['item', 'label', 'at', 'day', 'resource', 'value', 'part', 'url'] as const;

/** The records of a receipt as CSV (RFC 4180). */
export function writeCsv(records: readonly ReceiptRecord[]): string {
  const rows = records.map((record) => columns.map((column) => writeCell(record[column])).join(','));
  return [columns.join(','), ...rows, ''].join('\r\n');
}

function writeCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  // A spreadsheet would run what begins like a formula, and a commit's title may be anybody's text.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
