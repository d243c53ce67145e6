// A spreadsheet takes a cell that begins like this for a formula and runs it, whoever wrote it.
const formula = /^[=+\-@\t\r\n＝＋－＠]/;

/** One row of a CSV file (RFC 4180). Texts that a spreadsheet would run are put behind an apostrophe, numbers are numbers. */
export function formatCsvRow(values: readonly unknown[]): string {
  return `${values.map(formatCell).join(',')}\r\n`;
}

function formatCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
