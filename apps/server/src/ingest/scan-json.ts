/** A run of bytes; `end` is behind the last one. */
export interface Span {
  start: number;
  end: number;
}

/** The text is not JSON; `offset` is the byte at which that shows. */
export class JsonFault extends Error {
  override name = 'JsonFault';
  readonly offset: number;

  constructor(offset: number) {
    super(`not JSON at byte ${offset}`);
    this.offset = offset;
  }
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openArray = 0x5b;
const closeArray = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/**
 * Walks over JSON in bytes without building anything, so that what was sent can be cut out exactly as it came: a value
 * that is parsed and written again loses 1e400, long integers, repeated keys and its own spelling.
 *
 * It accepts what `JSON.parse` accepts, byte for byte (a property test holds the two together); that the bytes are UTF-8 is
 * checked before. It keeps its own stack, so no depth of nesting can exhaust the program's.
 */
export class JsonScanner {
  readonly bytes: Uint8Array;
  readonly end: number;
  at: number;
  /** Closing bytes of what is open; grown when needed. */
  #open = new Uint8Array(256);

  constructor(bytes: Uint8Array, span: Span = { start: 0, end: bytes.length }) {
    this.bytes = bytes;
    this.at = span.start;
    this.end = span.end;
  }

  /** Skips blanks and gives the next byte, or -1 at the end. */
  peek(): number {
    const { bytes, end } = this;
    let { at } = this;
    let byte = -1;
    for (; at < end; at += 1) {
      byte = bytes[at] as number;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    }
    this.at = at;
    return at < end ? byte : -1;
  }

  /** Takes the byte when it comes next. */
  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at += 1;
    return true;
  }

  /** Takes the byte, which has to come next. */
  expect(byte: number): void {
    if (!this.take(byte)) this.fail();
  }

  fail(): never {
    throw new JsonFault(this.at);
  }

  /** Goes over one string and says where it lies, quotes included. */
  readString(): Span {
    if (this.peek() !== quote) this.fail();
    const start = this.at;
    this.#skipString();
    return { start, end: this.at };
  }

  /** Goes over one value and says where it lies and how deeply it nests: 0 for a scalar, 1 for `[]`. */
  readValue(): Span & { depth: number } {
    this.peek();
    const start = this.at;
    let level = 0;
    let depth = 0;
    for (;;) {
      const opened = this.#enterValue();
      if (opened !== 0) {
        level += 1;
        if (level > depth) depth = level;
        this.#push(level, opened);
        if (this.peek() !== opened) {
          if (opened === closeObject) this.#skipName();
          continue;
        }
      }
      level = this.#leaveClosed(level);
      if (level === 0) return { start, end: this.at, depth };
    }
  }

  /** Goes over a scalar, or enters a group and gives the byte that will close it. */
  #enterValue(): number {
    const byte = this.peek();
    if (byte === quote) {
      this.#skipString();
    } else if (byte === openObject) {
      this.at += 1;
      return closeObject;
    } else if (byte === openArray) {
      this.at += 1;
      return closeArray;
    } else if (byte === 0x74) {
      this.#skipWord('true');
    } else if (byte === 0x66) {
      this.#skipWord('false');
    } else if (byte === 0x6e) {
      this.#skipWord('null');
    } else {
      this.#skipNumber();
    }
    return 0;
  }

  /** Behind a value: goes out of every group that ends here, and to the next value of the one that does not. */
  #leaveClosed(from: number): number {
    let level = from;
    while (level > 0) {
      const closing = this.#open[level] as number;
      const byte = this.peek();
      if (byte === comma) {
        this.at += 1;
        if (closing === closeObject) this.#skipName();
        return level;
      }
      if (byte !== closing) this.fail();
      this.at += 1;
      level -= 1;
    }
    return 0;
  }

  #push(level: number, closing: number): void {
    if (level >= this.#open.length) {
      const grown = new Uint8Array(this.#open.length * 2);
      grown.set(this.#open);
      this.#open = grown;
    }
    this.#open[level] = closing;
  }

  #skipName(): void {
    if (this.peek() !== quote) this.fail();
    this.#skipString();
    this.expect(colon);
  }

  #skipString(): void {
    const { bytes, end } = this;
    let at = this.at + 1;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === quote) {
        this.at = at + 1;
        return;
      }
      if (byte === backslash) {
        this.at = at;
        at = this.#skipEscape();
      } else if (byte < 0x20) {
        break;
      } else {
        at += 1;
      }
    }
    this.at = at;
    this.fail();
  }

  #skipEscape(): number {
    const { bytes } = this;
    const kind = this.at + 1 < this.end ? (bytes[this.at + 1] as number) : -1;
    if (kind === 0x75) {
      for (let digit = 2; digit < 6; digit += 1) {
        if (this.at + digit >= this.end || !isHex(bytes[this.at + digit] as number)) this.fail();
      }
      return this.at + 6;
    }
    if (!simpleEscapes.has(kind)) this.fail();
    return this.at + 2;
  }

  #skipWord(word: string): void {
    for (let index = 0; index < word.length; index += 1) {
      if (this.at + index >= this.end || this.bytes[this.at + index] !== word.charCodeAt(index)) this.fail();
    }
    this.at += word.length;
  }

  #skipNumber(): void {
    if (this.#byte() === 0x2d) this.at += 1;
    if (this.#byte() === 0x30) this.at += 1;
    else this.#skipDigits();
    if (this.#byte() === 0x2e) {
      this.at += 1;
      this.#skipDigits();
    }
    if ((this.#byte() | 0x20) === 0x65) {
      this.at += 1;
      if (this.#byte() === 0x2b || this.#byte() === 0x2d) this.at += 1;
      this.#skipDigits();
    }
  }

  #skipDigits(): void {
    const start = this.at;
    while (isDigit(this.#byte())) this.at += 1;
    if (this.at === start) this.fail();
  }

  /** The byte here, blanks not skipped; 0 at the end, which is no part of any number. */
  #byte(): number {
    return this.at < this.end ? (this.bytes[this.at] as number) : 0;
  }
}

const simpleEscapes = new Set([quote, backslash, 0x2f, 0x62, 0x66, 0x6e, 0x72, 0x74]);

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}
