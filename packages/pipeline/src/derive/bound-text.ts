import { createHash } from 'node:crypto';
import { cleanText } from './clean-text.ts';

// Names and addresses are looked up by index, and an entry of an index holds at most 2.7 KB. No honest one comes near.
export const identityTextMax = 500;

/** Cleans after cutting too: the cut may part a pair of surrogates. */
export function cutText(text: string, length: number): string {
  return cleanText(cleanText(text).slice(0, length));
}

/** Null for what is empty. */
export function textOrNull(text: string | undefined): string | null {
  const cleaned = text === undefined ? '' : cleanText(text).trim();
  return cleaned === '' ? null : cutText(cleaned, identityTextMax);
}

const keyBytesMax = 2000;

/**
 * Text that is part of a key, such as a path: git itself takes names of any length. A longer one keeps its beginning and stays
 * different from its neighbours.
 */
export function boundKey(text: string): string {
  if (Buffer.byteLength(text) <= keyBytesMax) return text;
  return `${cutText(text, keyBytesMax / 4)}…${tieBreaker(text)}`;
}

/** Of two versions of the same age one must win whatever the order; the store decides by the same hash. */
export function tieBreaker(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
