import { describe, expect, it } from 'vitest';
import { writeCsv } from './write-csv.ts';

const record = {
  item: 'a1',
  label: 'Mend it',
  at: '2026-01-01T10:00:00Z',
  day: '2026-01-01',
  resource: 'repo',
  value: 1,
  part: '',
  url: null,
};

describe('writeCsv', () => {
  it('writes a head and a line each, and nothing for what is not known', () => {
    expect(writeCsv([record])).toBe(
      'item,label,at,day,resource,value,part,url\r\na1,Mend it,2026-01-01T10:00:00Z,2026-01-01,repo,1,,\r\n',
    );
  });

  it('keeps commas, quotes and line ends in their cell', () => {
    expect(writeCsv([{ ...record, label: 'Say "no", twice\nor so' }])).toContain(',"Say ""no"", twice\nor so",');
  });

  it('lets no text run as a formula in a spreadsheet, and leaves negative numbers alone', () => {
    expect(writeCsv([{ ...record, label: '=HYPERLINK("x")', value: -3 }])).toContain(
      `,"'=HYPERLINK(""x"")",2026-01-01T10:00:00Z,2026-01-01,repo,-3,`,
    );
  });
});
