const startOfImage = Buffer.from('ffd8', 'hex');
const endOfImage = 0xd9;
const startOfScan = 0xda;
// Which way colours are stored; without it some programs guess wrongly.
const adobe = 0xee;

interface Size {
  width: number;
  height: number;
}

/** A JPEG with the segments of its pixels alone; null where the segments do not hold together. */
export function cleanJpeg(bytes: Buffer): ({ body: Buffer } & Size) | null {
  const parts: Buffer[] = [startOfImage];
  let size: Size | null = null;
  let hasPixels = false;
  for (let at = startOfImage.length; at + 2 <= bytes.length && bytes[at] === 0xff;) {
    const marker = bytes[at + 1] ?? 0;
    // Whatever was hung on behind the end is cut off.
    if (marker === endOfImage) return size === null || !hasPixels ? null : finish(parts, size);
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const end = at + 2 + (at + 4 <= bytes.length ? bytes.readUInt16BE(at + 2) : 0);
    if (end < at + 4 || end > bytes.length) return null;
    const segment = bytes.subarray(at, end);
    if (isFrame(marker)) size = readSize(segment);
    if (isKept(marker)) parts.push(segment);
    at = end;
    if (marker === startOfScan) {
      hasPixels = true;
      at = findEndOfScan(bytes, end);
      parts.push(bytes.subarray(end, at));
    }
  }
  return null;
}

/** Application segments and comments go: the place, the hour, the camera, a second picture. */
function isKept(marker: number): boolean {
  const isApplication = marker >= 0xe0 && marker <= 0xef;
  return (!isApplication || marker === adobe) && marker !== 0xfe;
}

/** Where a picture says how large it is: all kinds of frames but those numbers that mean tables. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readSize(segment: Buffer): Size | null {
  return segment.length < 9 ? null : { height: segment.readUInt16BE(5), width: segment.readUInt16BE(7) };
}

/** Pixels go on until a marker that is neither a byte that only looks like one nor a place to start over. */
function findEndOfScan(bytes: Buffer, from: number): number {
  let at = from;
  while (at + 1 < bytes.length) {
    const next = bytes[at + 1] ?? 0;
    if (bytes[at] === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += 1;
  }
  return bytes.length;
}

function finish(parts: readonly Buffer[], size: Size): { body: Buffer } & Size {
  return { body: Buffer.concat([...parts, Buffer.from([0xff, endOfImage])]), ...size };
}
