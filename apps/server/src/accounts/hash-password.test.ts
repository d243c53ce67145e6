import { describe, expect, it } from 'vitest';
import { hashPassword, isPassword } from './hash-password.ts';

describe('a hashed password', () => {
  it('is known again, by itself and among many at once, and is another hash every time', async () => {
    const hashes = await Promise.all(Array.from({ length: 6 }, (_, index) => hashPassword(`password ${index % 3}`)));
    expect(new Set(hashes).size).toBe(6);
    for (const hash of hashes) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    const answers = await Promise.all(hashes.map((hash) => isPassword('password 1', hash)));
    expect(answers).toEqual([false, true, false, false, true, false]);
  });

  it('is nobody’s where there is none', async () => {
    for (const guess of ['', 'password', 'nobody has this password']) expect(await isPassword(guess, null)).toBe(false);
  });

  it('gives its place to the next even when a hash cannot be read', async () => {
    const broken = Array.from({ length: 5 }, () => isPassword('password', 'no hash'));
    for (const outcome of await Promise.allSettled(broken)) expect(outcome.status).toBe('rejected');
    expect(await isPassword('password', await hashPassword('password'))).toBe(true);
  });
});
