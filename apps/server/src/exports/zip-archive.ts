import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';

/** A file in an archive. */
export interface ArchivedFile {
  path: string;
  rows: number;
  bytes: number;
  sha256: string;
}

/** A ZIP that is written file after file, none of which is ever in memory as a whole. */
export interface ZipArchive {
  readonly files: readonly ArchivedFile[];
  /** Each piece is one row, unless `rows` says that it is none. */
  add(path: string, pieces: AsyncIterable<string> | Iterable<string>, rows?: 'rows' | 'none'): Promise<void>;
  finish(): Promise<void>;
}

/** Begins an archive that goes to `sink`. */
export function openZipArchive(sink: Writable): ZipArchive {
  const zip = new ZipFile();
  const files: ArchivedFile[] = [];
  let fault: Error | null = null;
  const written = pipeline(zip.outputStream, sink);
  // Heard of at once as well as at the end: a file that nobody takes any more would wait for ever.
  const failed = written.catch((error: Error) => {
    fault = error;
  });
  return {
    files,
    add: async (path, pieces, rows = 'rows') => {
      const source = new PassThrough();
      zip.addReadStream(source, path, { mode: 0o100_600 });
      const hash = createHash('sha256');
      let bytes = 0;
      let count = 0;
      for await (const piece of pieces) {
        const chunk = Buffer.from(piece, 'utf8');
        hash.update(chunk);
        bytes += chunk.length;
        count += 1;
        if (!source.write(chunk)) await Promise.race([once(source, 'drain'), failed]);
        if (fault !== null) throw fault;
      }
      source.end();
      files.push({ path, rows: rows === 'rows' ? count : 0, bytes, sha256: hash.digest('hex') });
    },
    finish: async () => {
      zip.end();
      await written;
    },
  };
}
