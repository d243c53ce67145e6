import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import { z } from 'zod';
import { cleanText, cutTo } from '../_text/clean-text.ts';

/** The JSON of a body; throws `MalformedEvent` where it is none. */
export function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new MalformedEvent('the body is no JSON in UTF-8', { cause });
  }
}

/** A part of a body in the shape that we rely on; throws `MalformedEvent` and says which field is not as documented. */
export function readShape<Shape extends z.ZodType>(schema: Shape, value: unknown, what: string): z.output<Shape> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  const place = [what, ...(issue?.path ?? [])].map(String).join('.');
  throw new MalformedEvent(cutTo(cleanText(`${place}: ${issue?.message ?? 'not as documented'}`), 500));
}

/** Text that is kept, cut at a length that no honest one comes near. */
export function textUpTo(length: number) {
  return z.string().transform((text) => cutTo(cleanText(text), length));
}

export const title = textUpTo(1000);
export const name = textUpTo(500);
export const refName = textUpTo(2000);
export const path = textUpTo(8000);

/** An address that may become a link; anything else is none. */
export const link = z
  .string()
  .nullish()
  .transform((text) =>
    text !== null && text !== undefined && /^https?:\/\//i.test(text) ? cutTo(cleanText(text), 2000) : null,
  );

export const id = z.int().nonnegative();
export const idText = id.transform(String);
export const count = z.int().nonnegative();
export const number = z.int().positive();
export const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a commit id has 40 or 64 hexadecimal digits');

// Years 1 to 9999: beyond them ISO texts no longer sort by time, and PostgreSQL refuses them.
const earliest = Date.parse('0001-01-01T00:00:00Z');
const latest = Date.parse('9999-12-31T23:59:59.999Z');
const isoPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|([+-])(\d{2}):?(\d{2}))$/i;

/** What GitHub writes for an instant: ISO with `Z`, with an offset, or (in pushes) seconds since 1970. `null`: it is none. */
export function readInstant(value: unknown): { at: string; offsetMinutes: number } | null {
  if (typeof value === 'number') return toInstant(value * 1000, 0);
  const match = typeof value === 'string' ? isoPattern.exec(value) : null;
  if (match === null) return null;
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0);
  return toInstant(Date.parse(match[0]), match[1] === '-' ? -minutes : minutes);
}

function toInstant(time: number, offsetMinutes: number): { at: string; offsetMinutes: number } | null {
  if (!(time >= earliest && time <= latest) || Math.abs(offsetMinutes) >= 24 * 60) return null;
  // Negative zero is another value to whoever compares.
  return { at: new Date(time).toISOString(), offsetMinutes: offsetMinutes === 0 ? 0 : offsetMinutes };
}

export const instant = z.union([z.string(), z.number()]).transform((value, context) => {
  const read = readInstant(value);
  if (read !== null) return read.at;
  context.addIssue({ code: 'custom', message: 'no instant of the years 1 to 9999' });
  return z.NEVER;
});

/** Missing means the same as null. */
export const optionalInstant = instant.nullish().transform((at) => at ?? null);

/** The number at the end of an address of the API, for example of `…/issues/17`. */
export function numberAtEnd(folder: string) {
  return z.string().transform((address, context) => {
    const match = /\/([a-z]+)\/([1-9]\d{0,15})$/.exec(address);
    if (match?.[1] === folder) return Number(match[2]);
    context.addIssue({ code: 'custom', message: `an address that ends in /${folder}/<number>` });
    return z.NEVER;
  });
}
