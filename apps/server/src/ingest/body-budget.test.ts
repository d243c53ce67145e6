import { describe, expect, it } from 'vitest';
import { openBodyBudget } from './body-budget.ts';

describe('openBodyBudget', () => {
  it('lets in as many as fit, and the next in order of arrival as room comes free', async () => {
    const budget = openBodyBudget({ totalBytes: 10, patienceMs: 60_000 });
    const first = await budget.reserve(6);
    const order: string[] = [];
    const second = budget.reserve(5).then((release) => (order.push('second'), release));
    const third = budget.reserve(2).then((release) => (order.push('third'), release));
    await Promise.resolve();
    expect(order).toEqual([]);
    first();
    (await second)();
    (await third)();
    expect(order).toEqual(['second', 'third']);
    (await budget.reserve(10))();
  });

  it('tells whoever waited too long to come again, and serves those behind', async () => {
    const budget = openBodyBudget({ totalBytes: 10, patienceMs: 20 });
    const held = await budget.reserve(8);
    const large = budget.reserve(5);
    const small = budget.reserve(2);
    await expect(large).rejects.toMatchObject({ code: 'busy' });
    (await small)();
    held();
    (await budget.reserve(10))();
  });

  it('counts a release once, however often it is called', async () => {
    const budget = openBodyBudget({ totalBytes: 10, patienceMs: 10 });
    const release = await budget.reserve(5);
    release();
    release();
    await budget.reserve(10);
    await expect(budget.reserve(1)).rejects.toMatchObject({ code: 'busy' });
  });
});
