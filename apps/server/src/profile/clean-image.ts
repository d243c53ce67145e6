import { cleanJpeg } from './clean-jpeg.ts';
import { cleanPng } from './clean-png.ts';
import { cleanWebp } from './clean-webp.ts';

/** A picture without anything that was written beside its pixels. */
export interface CleanImage {
  type: 'image/png' | 'image/jpeg' | 'image/webp';
  body: Buffer;
}

// Larger ones would cost whoever only looks at a list of people hundreds of megabytes.
const sideMax = 4096;

const kinds = [
  { type: 'image/png', magic: Buffer.from('89504e470d0a1a0a', 'hex'), at: 0, clean: cleanPng },
  { type: 'image/jpeg', magic: Buffer.from('ffd8ff', 'hex'), at: 0, clean: cleanJpeg },
  { type: 'image/webp', magic: Buffer.from('WEBP'), at: 8, clean: cleanWebp },
] as const;

/**
 * What a picture is by its first bytes, whatever was said of it, rewritten with the parts that carry pixels alone: a camera
 * writes the place and the hour beside them, and other programs whatever they like. Null for what is none, is broken, moves,
 * or is too large to be drawn.
 */
export function cleanImage(bytes: Buffer): CleanImage | null {
  const kind = kinds.find(({ magic, at }) => bytes.subarray(at, at + magic.length).equals(magic));
  if (kind === undefined) return null;
  const container = kind.clean(bytes);
  if (container === null) return null;
  const { body, width, height } = container;
  const isDrawable = width > 0 && height > 0 && width <= sideMax && height <= sideMax;
  return isDrawable ? { type: kind.type, body } : null;
}
