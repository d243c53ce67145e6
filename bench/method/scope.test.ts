import { describe, expect, it } from 'vitest';
import { Scope } from './scope.ts';

describe('Scope', () => {
  it('undoes the newest first, once, and goes on after a fault', async () => {
    const undone: string[] = [];
    const scope = new Scope();
    scope.defer(() => undone.push('first'));
    scope.defer(() => Promise.reject(new Error('stuck')));
    scope.defer(() => undone.push('third'));
    const closing = [scope.close(), scope.close()];
    await expect(closing[0]).rejects.toThrow('cleaned up');
    await closing[1]?.catch(() => undefined);
    expect(undone).toEqual(['third', 'first']);
  });
});
