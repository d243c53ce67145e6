import { SourceUnreadable } from '@devpulse/contract/connector';
import { isBetweenEntries, pathsAfterEntry, recordFields, recordMarker } from './commit-record.ts';

const markerStart = recordMarker.charCodeAt(0);
/** Of a message that comes with too many files, this much is kept. */
const messageBytesMax = 64 * 1024;

/**
 * Cuts git's output into commit records as it arrives, holding one record at most. A record is read field by field and
 * entry by entry: to search for the next marker would be quicker and wrong, since a path or a message can look like one.
 */
export class LogSplitter {
  readonly #limit: number;
  #bytes: Buffer = Buffer.alloc(0);
  /** Bytes of `#bytes` that are filled. */
  #end = 0;
  /** Where the current record begins, its fields end, and its last complete token ends. */
  #start = 0;
  #headEnd = 0;
  #recordEnd = 0;
  /** Where the next token begins, and how far the search for its NUL has come. */
  #at = 0;
  #searched = 0;
  /** Fields and paths: what the next token is. */
  #fieldsRead = 0;
  #pathsToCome = 0;
  /** What is kept of a record whose entries went over the limit. */
  #head: Buffer | null = null;
  #done: Buffer[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes the next bytes and returns the records that they complete. */
  push(chunk: Buffer): Buffer[] {
    this.#append(chunk);
    while (this.#readToken());
    if (this.#fieldsRead === recordFields.length && (this.#head !== null || this.#end - this.#start > this.#limit)) {
      this.#head ??= withoutFiles(this.#bytes.subarray(this.#start, this.#headEnd));
      this.#start = this.#at;
    }
    return this.#take();
  }

  /** The last record, which only the end of the output completes. */
  finish(): Buffer[] {
    const isInside = this.#fieldsRead > 0 && this.#fieldsRead < recordFields.length;
    if (isInside || this.#pathsToCome > 0 || this.#at < this.#end)
      throw unexpected('broke off in the middle of a commit');
    this.#completeRecord();
    return this.#take();
  }

  #append(chunk: Buffer): void {
    const rest = this.#end - this.#start;
    if (rest === 0) {
      // The usual chunk: its records stay slices of it.
      this.#moveTo(chunk, chunk.length);
    } else if (this.#end + chunk.length <= this.#bytes.length) {
      chunk.copy(this.#bytes, this.#end);
      this.#end += chunk.length;
    } else {
      // Twice the size, so that a record of many megabytes is not copied once for every chunk.
      const grown = Buffer.allocUnsafeSlow((rest + chunk.length) * 2);
      this.#bytes.copy(grown, 0, this.#start, this.#end);
      chunk.copy(grown, rest);
      this.#moveTo(grown, rest + chunk.length);
    }
  }

  #moveTo(bytes: Buffer, end: number): void {
    this.#at -= this.#start;
    this.#searched -= this.#start;
    this.#headEnd -= this.#start;
    this.#recordEnd -= this.#start;
    this.#start = 0;
    this.#bytes = bytes;
    this.#end = end;
  }

  /** False when the next token is not complete yet. */
  #readToken(): boolean {
    if (this.#fieldsRead === recordFields.length && this.#pathsToCome === 0) {
      while (this.#at < this.#end && isBetweenEntries(this.#bytes[this.#at])) this.#at += 1;
      if (this.#at === this.#end) return false;
      if (this.#bytes[this.#at] === markerStart) this.#completeRecord();
    }
    const nul = this.#bytes.indexOf(0, Math.max(this.#at, this.#searched));
    if (nul === -1 || nul >= this.#end) {
      this.#searched = this.#end;
      return false;
    }
    if (this.#fieldsRead < recordFields.length) this.#readField(nul);
    else if (this.#pathsToCome > 0) this.#pathsToCome -= 1;
    else this.#pathsToCome = pathsAfterEntry(this.#bytes, this.#at, nul);
    this.#at = nul + 1;
    this.#recordEnd = this.#at;
    return true;
  }

  #readField(nul: number): void {
    if (this.#fieldsRead === 0 && this.#bytes.toString('latin1', this.#at, nul) !== recordMarker) {
      throw unexpected('printed something else than the history that was asked for');
    }
    this.#fieldsRead += 1;
    this.#headEnd = nul + 1;
  }

  /** A record ends with its last token: what git puts between commits depends on the neighbour. */
  #completeRecord(): void {
    if (this.#head !== null) this.#done.push(this.#head);
    else if (this.#recordEnd - this.#start > this.#limit) {
      this.#done.push(withoutFiles(this.#bytes.subarray(this.#start, this.#headEnd)));
    } else if (this.#fieldsRead > 0) this.#done.push(this.#bytes.subarray(this.#start, this.#recordEnd));
    this.#head = null;
    this.#start = this.#at;
    this.#fieldsRead = 0;
  }

  #take(): Buffer[] {
    const taken = this.#done;
    this.#done = [];
    return taken;
  }
}

/** The fields alone, saying that the files are not there. */
function withoutFiles(head: Buffer): Buffer {
  const filesStart = recordMarker.length + 1;
  const filesEnd = head.indexOf(0, filesStart);
  const messageStart = head.lastIndexOf(0, head.length - 2) + 1;
  let messageEnd = Math.min(head.length - 1, messageStart + messageBytesMax);
  // Not in the middle of a character of UTF-8.
  while (messageEnd > messageStart && ((head[messageEnd] ?? 0) & 0xc0) === 0x80) messageEnd -= 1;
  return Buffer.concat([
    head.subarray(0, filesStart),
    Buffer.from('too-large'),
    head.subarray(filesEnd, messageEnd),
    Buffer.of(0),
  ]);
}

function unexpected(what: string): SourceUnreadable {
  return new SourceUnreadable('failed', `git ${what}.`, { retry: true });
}
