import { crc32 } from 'node:zlib';

const signatureBytes = 8;
// Length and name before the data of a chunk, its check sum after.
const frameBytes = 12;
// Pixels, palette, transparency and how colours are meant. Everything else is text, time, place, or frames of a film.
const kept = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB']);

/** A PNG with the chunks of its pixels alone; null where the chunks do not hold together. */
export function cleanPng(bytes: Buffer): { body: Buffer; width: number; height: number } | null {
  const parts = [bytes.subarray(0, signatureBytes)];
  let head: Buffer | null = null;
  let hasPixels = false;
  for (let at = signatureBytes; at + frameBytes <= bytes.length;) {
    const end = at + frameBytes + bytes.readUInt32BE(at);
    if (end > bytes.length) return null;
    const name = bytes.toString('latin1', at + 4, at + 8);
    const isWhole = bytes.readUInt32BE(end - 4) === crc32(bytes.subarray(at + 4, end - 4));
    if (!isWhole || (head === null) !== (name === 'IHDR')) return null;
    if (name === 'IHDR') head = bytes.subarray(at + 8, end - 4);
    if (name === 'IDAT') hasPixels = true;
    if (kept.has(name)) parts.push(bytes.subarray(at, end));
    if (name === 'IEND') return finish(parts, head, hasPixels);
    at = end;
  }
  return null;
}

function finish(parts: Buffer[], head: Buffer | null, hasPixels: boolean): ReturnType<typeof cleanPng> {
  if (head === null || head.length !== 13 || !hasPixels) return null;
  return { body: Buffer.concat(parts), width: head.readUInt32BE(0), height: head.readUInt32BE(4) };
}
