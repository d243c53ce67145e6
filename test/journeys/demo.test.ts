import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { comeToSources, commitsFigure, introduceOneself } from './set-up.ts';

let browser: Browser;
let instance: Instance;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());
afterEach(() => instance.stop());

describe('made-up data', () => {
  it('fills a workspace of its own, says so on every page, and goes in one act', async () => {
    instance = await openInstance();
    const { page, context, faults } = await openVisitor(browser);
    await comeToSources(page, instance);
    await page.getByRole('button', { name: 'Use made-up data' }).click();
    await commitsFigure(page).waitFor({ timeout: 120_000 });
    const name = await commitsFigure(page).textContent();
    expect(Number(/[\d,]+/.exec(name ?? '')?.[0].replace(',', ''))).toBeGreaterThan(100);
    for (const place of ['/', '/sources', '/repositories', '/settings']) {
      await page.goto(`${instance.address}${place}`);
      await page
        .getByText(/made-up data/i)
        .first()
        .waitFor();
    }
    await page.goto(`${instance.address}/`);
    await page
      .getByRole('button', { name: /remove/i })
      .first()
      .click();
    const sure = page.getByRole('dialog').getByRole('button', { name: /remove/i });
    if (await sure.isVisible().catch(() => false)) await sure.click();
    await page
      .getByText(/made-up data/i)
      .first()
      .waitFor({ state: 'hidden', timeout: 30_000 });
    expect(await instance.run('demo', 'status')).toMatch(/no demo|absent|there is none|not there/i);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('is there when the owner comes, after a start with --demo', async () => {
    instance = await openInstance(['--demo']);
    const { page, context } = await openVisitor(browser, { width: 390, theme: 'dark' });
    await expect.poll(() => instance.output(), { timeout: 120_000, interval: 500 }).toMatch(/demo/i);
    await introduceOneself(page, instance);
    await commitsFigure(page).waitFor({ timeout: 120_000 });
    await page
      .getByText(/made-up data/i)
      .first()
      .waitFor();
    await context.close();
  });
});
