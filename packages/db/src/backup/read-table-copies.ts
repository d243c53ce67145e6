import type { Readable } from 'node:stream';
import { StoreUnusable } from '../prepare-roles.ts';

/** One table of a backup: `rows` must be read to its end before the next one is asked for. */
export interface TableCopy {
  schema: string;
  name: string;
  columns: string[];
  rows: AsyncIterable<Buffer>;
}

export interface SequenceCopy {
  schema: string;
  name: string;
  value: string;
}

type Line = {
  table?: Omit<TableCopy, 'rows'>;
  sequence?: SequenceCopy;
  end?: { tables: number; rows: number };
  format?: string;
};

const gatherBytes = 64 * 1024;
const noteBytesMax = 1024 * 1024;
const endOfRows = Buffer.from('\\.\n');

/** Reads what FORMAT.md describes, table by table, and checks at the end that all of it was there. */
export async function* readTableCopies(
  source: Readable,
): AsyncGenerator<{ table: TableCopy } | { sequence: SequenceCopy }> {
  const lines = splitLines(source);
  const seen = { tables: 0, rows: 0 };
  let isFirst = true;
  for (;;) {
    const next = await lines.next();
    if (next.done === true) throw new StoreUnusable('the backup ends before its last line');
    const line = readNote(next.value);
    if (isFirst && line.format !== 'devpulse-tables') throw new StoreUnusable('the backup holds no tables');
    isFirst = false;
    if (line.sequence !== undefined) yield { sequence: line.sequence };
    if (line.table !== undefined) {
      seen.tables += 1;
      yield { table: { ...line.table, rows: gatherRows(lines, seen) } };
    }
    if (line.end === undefined) continue;
    if (line.end.tables !== seen.tables || line.end.rows !== seen.rows)
      throw new StoreUnusable(`the backup says it has ${line.end.rows} rows, but ${seen.rows} were read`);
    return;
  }
}

function readNote(line: Buffer): Line {
  if (line.length > noteBytesMax) throw new StoreUnusable('the backup is damaged: a line that describes is too long');
  try {
    return JSON.parse(line.toString('utf8')) as Line;
  } catch (cause) {
    throw new StoreUnusable('the backup is damaged: a line that describes cannot be read', { cause });
  }
}

/** Rows gathered into pieces: one message a row takes eight times as long. */
async function* gatherRows(lines: AsyncGenerator<Buffer>, seen: { rows: number }): AsyncGenerator<Buffer> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const next = await lines.next();
    if (next.done === true) throw new StoreUnusable('the backup ends in the middle of a table');
    const isEnd = next.value.equals(endOfRows);
    if (!isEnd) {
      seen.rows += 1;
      gathered.push(next.value);
      bytes += next.value.length;
    }
    if (gathered.length > 0 && (isEnd || bytes >= gatherBytes)) {
      yield Buffer.concat(gathered);
      gathered = [];
      bytes = 0;
    }
    if (isEnd) return;
  }
}

/** Lines with their line feed. */
async function* splitLines(source: Readable): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const chunk of source as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(0x0a); at !== -1; at = chunk.indexOf(0x0a, from)) {
      const end = chunk.subarray(from, at + 1);
      yield begun.length === 0 ? end : Buffer.concat([...begun, end]);
      begun = [];
      from = at + 1;
    }
    if (from < chunk.length) begun.push(chunk.subarray(from));
  }
  if (begun.length > 0) throw new StoreUnusable('the backup ends in the middle of a line');
}
