import { describe, expect, it } from 'vitest';
import { formatCsvRow } from './csv-cells.ts';

describe('formatCsvRow', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1'])('lets no spreadsheet run %j', (text) => {
    expect(formatCsvRow([text]).replace(/^"/, '').startsWith("'")).toBe(true);
  });

  it('leaves numbers numbers, and texts that only hold such signs as they are', () => {
    expect(formatCsvRow([-5, 1.5, true, null, 'a-b', 'x=1'])).toBe('-5,1.5,true,,a-b,x=1\r\n');
  });

  it('quotes what would break the row', () => {
    expect(formatCsvRow(['a,b', 'say "x"', 'two\nlines', ['x', 'y']])).toBe(
      '"a,b","say ""x""","two\nlines","[""x"",""y""]"\r\n',
    );
  });

  it('escapes inside of quotes too', () => {
    expect(formatCsvRow(['=HYPERLINK("http://example.org","x")'])).toBe(
      '"\'=HYPERLINK(""http://example.org"",""x"")"\r\n',
    );
  });
});
