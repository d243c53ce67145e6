import { isUtf8 } from 'node:buffer';
import { AppError } from '@devpulse/contract/errors';
import { eventLimits, kindSchema, sourceSchema } from '@devpulse/contract/raw-event';
import { eventKeySchema, type ItemFault } from '@devpulse/contract/wire/events';
import { JsonFault, JsonScanner, type Span } from './scan-json.ts';

/** An item that can be stored, its body being the very bytes that were sent. */
export interface GoodItem {
  source: string;
  key: string;
  kind: string;
  body: Buffer;
}

/** An item that cannot; its neighbours can. */
export interface BadItem {
  key: string | null;
  fault: ItemFault;
  /** Name of the field, or empty for the whole item. */
  path: string;
  message: string;
}

export type ReadItem = GoodItem | BadItem;

const openArray = 0x5b;
const openObject = 0x7b;
const comma = 0x2c;
const colon = 0x3a;
const closeArray = 0x5d;
const closeObject = 0x7d;
const newline = 0x0a;
const carriageReturn = 0x0d;

/**
 * Cuts a body into items. Throws only when the body as a whole says nothing: it is not UTF-8, not JSON, or holds too many
 * items. A byte-order mark in front is skipped; anywhere else it is a fault like any other.
 */
export function* readItems(bytes: Buffer, format: 'json' | 'ndjson'): Generator<ReadItem> {
  if (!isUtf8(bytes)) throw new AppError('malformed_body', 'The body is not valid UTF-8.');
  const start = bytes.length >= 3 && bytes.readUIntBE(0, 3) === 0xefbbbf ? 3 : 0;
  const items = format === 'ndjson' ? readLines(bytes, start) : readJson(bytes, start);
  let count = 0;
  for (const item of items) {
    count += 1;
    if (count > eventLimits.itemsPerRequest) {
      throw new AppError('too_many_items', `The body holds more than ${eventLimits.itemsPerRequest} items.`);
    }
    yield item;
  }
  if (count === 0) throw new AppError('malformed_body', 'The body holds no item.');
}

function* readJson(bytes: Buffer, start: number): Generator<ReadItem> {
  const scanner = new JsonScanner(bytes, { start, end: bytes.length });
  try {
    if (scanner.take(openArray)) {
      if (!scanner.take(closeArray)) {
        do yield readItem(bytes, scanner);
        while (scanner.take(comma));
        scanner.expect(closeArray);
      }
    } else {
      yield readItem(bytes, scanner);
    }
    if (scanner.peek() !== -1) scanner.fail();
  } catch (error) {
    if (error instanceof JsonFault)
      throw new AppError('malformed_body', `The body is not JSON: byte ${error.offset} does not belong there.`);
    throw error;
  }
}

function* readLines(bytes: Buffer, start: number): Generator<ReadItem> {
  for (let at = start; at < bytes.length;) {
    const found = bytes.indexOf(newline, at);
    const end = found === -1 ? bytes.length : found;
    if (!isBlank(bytes, at, end)) yield readLine(bytes, { start: at, end });
    at = end + 1;
  }
}

function isBlank(bytes: Buffer, start: number, end: number): boolean {
  return start === end || (start + 1 === end && bytes[start] === carriageReturn);
}

function readLine(bytes: Buffer, span: Span): ReadItem {
  const scanner = new JsonScanner(bytes, span);
  try {
    const item = readItem(bytes, scanner);
    if (scanner.peek() !== -1) scanner.fail();
    return item;
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return bad('malformed', '', `The line is not JSON: its byte ${error.offset - span.start} does not belong there.`);
  }
}

type Value = Span & { depth: number };

interface Fields {
  values: Map<string, Value>;
  problem: BadItem | null;
}

function readItem(bytes: Buffer, scanner: JsonScanner): ReadItem {
  if (scanner.peek() !== openObject) {
    scanner.readValue();
    return bad('malformed', '', 'An item is an object.');
  }
  return checkItem(bytes, readFields(bytes, scanner));
}

const fieldNames = new Set(['source', 'key', 'kind', 'payload', 'payloadBase64']);
// The longest name, with every character written as \u0000.
const nameBytes = 'payloadBase64'.length * 6 + 2;

function readFields(bytes: Buffer, scanner: JsonScanner): Fields {
  const values = new Map<string, Value>();
  let problem: BadItem | null = null;
  scanner.expect(openObject);
  if (scanner.take(closeObject)) return { values, problem };
  do {
    const span = scanner.readString();
    scanner.expect(colon);
    const value = scanner.readValue();
    const name = span.end - span.start > nameBytes ? '' : String(parseSlice(bytes, span));
    if (!fieldNames.has(name))
      problem ??= bad('invalid', '', `An item has only the fields ${[...fieldNames].join(', ')}.`);
    else if (values.has(name)) problem ??= bad('invalid', name, 'is given twice');
    else values.set(name, value);
  } while (scanner.take(comma));
  scanner.expect(closeObject);
  return { values, problem };
}

function checkItem(bytes: Buffer, { values, problem }: Fields): ReadItem {
  const key = readText(bytes, values.get('key'));
  const checkedKey = eventKeySchema.safeParse(key);
  const told = checkedKey.success ? checkedKey.data : null;
  if (problem !== null) return { ...problem, key: told };
  const source = sourceSchema.safeParse(readText(bytes, values.get('source')));
  if (!source.success) return bad('invalid', 'source', messageOf(source.error, values.has('source')), told);
  if (!checkedKey.success) return bad('invalid', 'key', messageOf(checkedKey.error, values.has('key')));
  const kind = kindSchema.safeParse(readText(bytes, values.get('kind')));
  if (!kind.success) return bad('invalid', 'kind', messageOf(kind.error, values.has('kind')), told);
  const body = readPayload(bytes, values);
  if (!Buffer.isBuffer(body)) return { ...body, key: told };
  return { source: source.data, key: checkedKey.data, kind: kind.data, body };
}

function readPayload(bytes: Buffer, values: Map<string, Value>): Buffer | BadItem {
  const payload = values.get('payload');
  const base64 = values.get('payloadBase64');
  if ((payload === undefined) === (base64 === undefined))
    return bad('invalid', 'payload', 'exactly one of payload and payloadBase64 is needed');
  if (payload !== undefined) {
    if (payload.depth <= eventLimits.depth) return bytes.subarray(payload.start, payload.end);
    return bad('too_deep', 'payload', `is nested ${payload.depth} levels deep; ${eventLimits.depth} are allowed`);
  }
  const text = base64 === undefined ? null : parseSlice(bytes, base64);
  if (typeof text !== 'string' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) {
    return bad('invalid', 'payloadBase64', 'is not base64 with its padding');
  }
  return Buffer.from(text, 'base64');
}

// Longer than any allowed key with every character escaped: not worth parsing.
const textBytes = eventLimits.keyCharacters * 6 + 2;

function readText(bytes: Buffer, value: Value | undefined): unknown {
  if (value === undefined || value.depth > 0) return undefined;
  return value.end - value.start > textBytes ? 'x'.repeat(eventLimits.keyCharacters + 1) : parseSlice(bytes, value);
}

/** Only for short scalars that the scanner has gone over. */
function parseSlice(bytes: Buffer, span: Span): unknown {
  return JSON.parse(bytes.toString('utf8', span.start, span.end));
}

function messageOf(error: { issues: { message: string }[] }, present: boolean): string {
  return present ? (error.issues[0]?.message ?? 'is not valid') : 'is missing';
}

function bad(fault: ItemFault, path: string, message: string, key: string | null = null): BadItem {
  return { key, fault, path, message };
}
