const headBytes = 12;
const frameBytes = 8;
// Flags of an extended picture: it has transparency; everything else, such as a film or a place, is struck out.
const hasAlpha = 0x10;

interface Chunk {
  name: string;
  data: Buffer;
}

/** A WebP with the chunks of its pixels alone; null for films and where the chunks do not hold together. */
export function cleanWebp(bytes: Buffer): { body: Buffer; width: number; height: number } | null {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF') return null;
  const chunks = readChunks(bytes);
  const pixels = chunks?.find(({ name }) => name === 'VP8 ' || name === 'VP8L');
  if (pixels === undefined) return null;
  const size = pixels.name === 'VP8L' ? readLossless(pixels.data) : readLossy(pixels.data);
  if (size === null) return null;
  const alpha = pixels.name === 'VP8 ' ? chunks?.find(({ name }) => name === 'ALPH') : undefined;
  const kept = alpha === undefined ? [pixels] : [makeHead(size), alpha, pixels];
  return { body: writeChunks(kept), ...size };
}

function readChunks(bytes: Buffer): Chunk[] | null {
  const chunks: Chunk[] = [];
  for (let at = headBytes; at + frameBytes <= bytes.length;) {
    const length = bytes.readUInt32LE(at + 4);
    const end = at + frameBytes + length;
    if (end > bytes.length) return null;
    chunks.push({ name: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + frameBytes, end) });
    at = end + (length % 2);
  }
  return chunks;
}

function readLossless(data: Buffer): { width: number; height: number } | null {
  if (data.length < 5 || data[0] !== 0x2f) return null;
  const bits = data.readUInt32LE(1);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}

function readLossy(data: Buffer): { width: number; height: number } | null {
  if (data.length < 10 || data.toString('hex', 3, 6) !== '9d012a') return null;
  return { width: data.readUInt16LE(6) & 0x3fff, height: data.readUInt16LE(8) & 0x3fff };
}

function makeHead({ width, height }: { width: number; height: number }): Chunk {
  const data = Buffer.alloc(10);
  data[0] = hasAlpha;
  data.writeUIntLE(width - 1, 4, 3);
  data.writeUIntLE(height - 1, 7, 3);
  return { name: 'VP8X', data };
}

function writeChunks(chunks: readonly Chunk[]): Buffer {
  const parts = chunks.flatMap(({ name, data }) => {
    const head = Buffer.alloc(frameBytes);
    head.write(name, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return data.length % 2 === 0 ? [head, data] : [head, data, Buffer.alloc(1)];
  });
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}
