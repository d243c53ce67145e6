import { expect, vi } from 'vitest';

/** How long tests wait for what must come; nothing is said about how fast it does. */
export const PATIENCE = { timeout: 40_000, interval: 20 };

/** Polls until the check holds. */
export async function until(check: () => unknown): Promise<void> {
  await vi.waitFor(async () => expect(await check()).toBe(true), PATIENCE);
}
