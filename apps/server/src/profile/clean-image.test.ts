import { crc32, deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { cleanImage } from './clean-image.ts';

const place = 'GPS 52.5200 N 13.4050 E';

function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([head, named, sum]);
}

function png(width = 2, height = 2, more: Buffer[] = []): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const pixels = deflateSync(Buffer.alloc(height > 100 ? 10 : height * (1 + width * 3)));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    ...more,
    chunk('IDAT', pixels),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function segment(marker: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

// A frame of 3 by 2 with one component, and a scan whose bytes only look like markers.
const frame = segment(0xc0, Buffer.from([8, 0, 2, 0, 3, 1, 1, 0x11, 0]));
const scan = Buffer.concat([
  segment(0xda, Buffer.from([1, 1, 0, 0, 63, 0])),
  Buffer.from([0x12, 0xff, 0, 0xff, 0xd0, 0x34]),
]);

function jpeg(between: Buffer[] = [], after = Buffer.alloc(0)): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xd8]), ...between, frame, scan, Buffer.from([0xff, 0xd9]), after]);
}

function riff(chunks: [string, Buffer][]): Buffer {
  const parts = chunks.flatMap(([name, data]) => {
    const head = Buffer.alloc(8);
    head.write(name, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return [head, data, Buffer.alloc(data.length % 2)];
  });
  const body = Buffer.concat([Buffer.from('WEBP'), ...parts]);
  const head = Buffer.from('RIFF\0\0\0\0', 'latin1');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body]);
}

const lossless = Buffer.concat([Buffer.from([0x2f]), Buffer.from([0x02, 0x40, 0x00, 0x00]), Buffer.from('pixels')]);
const lossy = Buffer.concat([Buffer.from([0, 0, 0, 0x9d, 0x01, 0x2a, 3, 0, 2, 0]), Buffer.from('pixels!')]);

describe('cleanImage', () => {
  it('keeps the pixels of a PNG and drops text, time, place and whatever was hung on', () => {
    const dirty = Buffer.concat([
      png(2, 2, [chunk('tEXt', Buffer.from(place)), chunk('eXIf', Buffer.from(place)), chunk('acTL', Buffer.alloc(8))]),
      Buffer.from(`<script>${place}</script>`),
    ]);
    const clean = cleanImage(dirty);
    expect(clean?.type).toBe('image/png');
    expect(clean?.body.equals(png())).toBe(true);
  });

  it('keeps the pixels of a JPEG and drops what cameras write beside them', () => {
    const exif = segment(0xe1, Buffer.from(`Exif\0\0${place}`));
    const clean = cleanImage(jpeg([exif, segment(0xfe, Buffer.from(place))], Buffer.from(place)));
    expect(clean?.type).toBe('image/jpeg');
    expect(clean?.body.equals(jpeg())).toBe(true);
  });

  it('keeps the pixels of a WebP, with or without transparency, and drops the rest', () => {
    const plain = riff([['VP8L', lossless]]);
    expect(
      cleanImage(
        riff([
          ['VP8X', Buffer.alloc(10)],
          ['VP8L', lossless],
          ['EXIF', Buffer.from(place)],
        ]),
      ),
    ).toEqual({
      type: 'image/webp',
      body: plain,
    });
    const seen = cleanImage(
      riff([
        ['VP8X', Buffer.alloc(10)],
        ['ALPH', Buffer.from('abc')],
        ['VP8 ', lossy],
        ['XMP ', Buffer.from(place)],
      ]),
    );
    expect(seen?.body.toString('latin1')).toMatch(/^RIFF....WEBPVP8X.{14}ALPH/s);
    expect(seen?.body.includes(place)).toBe(false);
    // The head says how large it is, and that there is transparency and nothing else.
    expect([...(seen?.body.subarray(20, 30) ?? [])]).toEqual([0x10, 0, 0, 0, 2, 0, 0, 1, 0, 0]);
  });

  it('goes by what the bytes are, and refuses everything else', () => {
    const script = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const film = riff([
      ['VP8X', Buffer.alloc(10)],
      ['ANIM', Buffer.alloc(6)],
      ['ANMF', Buffer.alloc(32)],
    ]);
    const wrongSum = png();
    wrongSum[20] = 9;
    for (const [name, bytes] of Object.entries({
      script,
      film,
      wrongSum,
      nothing: Buffer.alloc(0),
      gif: Buffer.from('GIF89a'),
      cutPng: png().subarray(0, 40),
      cutJpeg: jpeg().subarray(0, 20),
      cutWebp: riff([['VP8L', lossless]]).subarray(0, 22),
      bareJpeg: Buffer.from([0xff, 0xd8, 0xff, 0xd9]),
      textPng: Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), script]),
      endless: Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(5000, 0xff)]),
    }))
      expect(cleanImage(bytes), name).toBeNull();
  });

  it('refuses what is too large to be drawn in a list', () => {
    expect(cleanImage(png(4096, 4096))).not.toBeNull();
    expect(cleanImage(png(4097, 1))).toBeNull();
    expect(cleanImage(png(0, 1))).toBeNull();
  });

  it('never throws, whatever it is handed', () => {
    for (const whole of [png(), jpeg(), riff([['VP8 ', lossy]])])
      for (let at = 0; at < whole.length; at += 1) {
        const broken = Buffer.from(whole);
        broken[at] = (broken[at] ?? 0) ^ 0xff;
        expect(() => cleanImage(broken)).not.toThrow();
        expect(() => cleanImage(whole.subarray(0, at))).not.toThrow();
      }
  });
});
