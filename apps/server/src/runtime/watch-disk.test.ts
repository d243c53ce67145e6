import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { watchDisk } from './watch-disk.ts';

describe('watchDisk', () => {
  it('admits while there is room, and refuses below the reserve', async () => {
    const roomy = await watchDisk(tmpdir(), { reserveBytes: 0 });
    expect(() => roomy.admit()).not.toThrow();
    expect(roomy.freeBytes()).toBeGreaterThan(0);
    roomy.stop();
    const tight = await watchDisk(tmpdir(), { reserveBytes: Number.MAX_SAFE_INTEGER });
    expect(() => tight.admit()).toThrow(expect.objectContaining({ code: 'store_full' }));
    tight.stop();
  });
});
