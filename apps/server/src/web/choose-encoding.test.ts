import { describe, expect, it } from 'vitest';
import { chooseEncoding } from './choose-encoding.ts';

const file = { plain: Buffer.from('plain'), br: Buffer.from('br'), gzip: Buffer.from('gzip') };

describe('chooseEncoding', () => {
  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip'],
    ['br;q=1.0', 'br'],
    ['identity', null],
    ['brotli', null],
    [undefined, null],
  ])('answers %j with %j', (accepted, encoding) => {
    const chosen = chooseEncoding(accepted, file);
    expect(chosen.encoding).toBe(encoding);
    expect(chosen.body.toString()).toBe(encoding ?? 'plain');
  });

  it('sends the plain file where no compressed one was built', () => {
    expect(chooseEncoding('br, gzip', { ...file, br: null, gzip: null }).encoding).toBeNull();
  });
});
