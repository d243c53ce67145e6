import { setImmediate } from 'node:timers/promises';

// As much as is walked through before others have their turn.
const bytesPerTurn = 512 * 1024;
const valueBytesMax = 1000;

const [quote, backslash, openObject, closeObject, openList, closeList, colon] = [
  0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x5d, 0x3a,
];

/**
 * Finds a few texts and numbers in a JSON object of any size, `name` at the top and `name.name` one below, and makes nothing of
 * the rest: to parse 25 MB holds up everybody for long. What is no JSON gives nothing or something, and never throws. Of a name
 * that stands there twice the first one counts.
 */
export async function scanMembers(body: Buffer, wanted: readonly string[]): Promise<Map<string, string | number>> {
  const scan = new Scan(body, new Set(wanted));
  while (!scan.isDone) {
    scan.walk(bytesPerTurn);
    if (!scan.isDone) await setImmediate();
  }
  return scan.found;
}

/** Where a walk stands; it goes on from there in its next turn. */
class Scan {
  readonly found = new Map<string, string | number>();
  isDone = false;
  readonly #body: Buffer;
  readonly #wanted: ReadonlySet<string>;
  #at = 0;
  #depth = 0;
  /** What encloses the first two levels, and the name that was read last in each. */
  readonly #encloses = [0, 0, 0];
  readonly #names = ['', '', ''];

  constructor(body: Buffer, wanted: ReadonlySet<string>) {
    this.#body = body;
    this.#wanted = wanted;
  }

  walk(bytes: number): void {
    const end = Math.min(this.#body.length, this.#at + bytes);
    while (this.#at < end && this.found.size < this.#wanted.size) this.#step();
    if (this.#at >= this.#body.length || this.found.size === this.#wanted.size) this.isDone = true;
  }

  #step(): void {
    const byte = this.#body[this.#at];
    if (byte === quote) return this.#readText();
    if (byte === openObject || byte === openList) this.#open(byte);
    else if (byte === closeObject || byte === closeList) this.#depth = Math.max(0, this.#depth - 1);
    else if (this.#depth <= 2 && byte !== undefined && byte >= 0x30 && byte <= 0x39) return this.#readNumber();
    this.#at += 1;
  }

  #open(byte: number): void {
    this.#depth += 1;
    if (this.#depth > 2) return;
    this.#encloses[this.#depth] = byte;
    this.#names[this.#depth] = '';
  }

  #readText(): void {
    const from = this.#at;
    const end = this.#endOfText(from + 1);
    this.#at = end + 1;
    if (this.#depth === 0 || this.#depth > 2 || !this.#isInObject()) return;
    const text = end - from <= valueBytesMax ? readText(this.#body.toString('utf8', from, end + 1)) : '';
    if (this.#nextByte() === colon) this.#names[this.#depth] = text;
    else this.#keep(text);
  }

  #readNumber(): void {
    const from = this.#at;
    while (isOfNumber(this.#body[this.#at])) this.#at += 1;
    if (this.#depth > 0 && this.#isInObject() && this.#at - from <= 20)
      this.#keep(Number(this.#body.toString('latin1', from, this.#at)));
  }

  #keep(value: string | number): void {
    const name = this.#names.slice(1, this.#depth + 1).join('.');
    if (this.#wanted.has(name) && !this.found.has(name)) this.found.set(name, value);
  }

  #isInObject(): boolean {
    return this.#encloses[1] === openObject && (this.#depth === 1 || this.#encloses[2] === openObject);
  }

  #endOfText(from: number): number {
    for (let at = this.#body.indexOf(quote, from); at !== -1; at = this.#body.indexOf(quote, at + 1)) {
      let slashes = 0;
      while (at - slashes > from && this.#body[at - slashes - 1] === backslash) slashes += 1;
      if (slashes % 2 === 0) return at;
    }
    return this.#body.length;
  }

  #nextByte(): number | undefined {
    let at = this.#at;
    while (isBlank(this.#body[at])) at += 1;
    return this.#body[at];
  }
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isOfNumber(byte: number | undefined): boolean {
  return byte !== undefined && ((byte >= 0x30 && byte <= 0x39) || [0x2e, 0x2b, 0x2d, 0x65, 0x45].includes(byte));
}

function readText(json: string): string {
  try {
    return String(JSON.parse(json));
  } catch {
    return '';
  }
}
