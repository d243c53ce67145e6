import { describe, expect, it } from 'vitest';
import { readAnswer } from './http-connection.ts';

describe('readAnswer', () => {
  const whole = Buffer.from(
    'HTTP/1.1 202 Accepted\r\ncontent-type: application/json\r\ncontent-length: 14\r\n\r\n{"accepted":1}',
  );

  it('reads status and body of a whole answer', () => {
    expect(readAnswer(whole)).toEqual({ status: 202, body: '{"accepted":1}' });
  });

  it('waits for the rest at every cut', () => {
    for (let cut = 0; cut < whole.length; cut += 1) expect(readAnswer(whole.subarray(0, cut))).toBeNull();
  });

  it('reads an answer in chunks', () => {
    const chunked = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhi\r\n';
    expect(readAnswer(Buffer.from(chunked))).toBeNull();
    expect(readAnswer(Buffer.from(`${chunked}0\r\n\r\n`))?.status).toBe(200);
  });
});
