import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodeFolder, writeCode } from './code-folder.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { commitsFigure, setUpWithFolder, signIn } from './set-up.ts';

let browser: Browser;
let instance: Instance;
let code: CodeFolder;

beforeAll(async () => {
  browser = await openBrowser();
  instance = await openInstance();
  code = await writeCode(instance);
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

async function comeIn(page: Page): Promise<void> {
  await signIn(page, instance);
  await commitsFigure(page, code.countOwn()).waitFor();
}

describe('while something is broken', () => {
  it('keeps the figures without a line, says so, and catches up when the line is back', async () => {
    const { page, context } = await openVisitor(browser);
    await setUpWithFolder(page, instance, code);
    const before = code.countOwn();
    await commitsFigure(page, before).waitFor();
    await context.setOffline(true);
    await page
      .getByText(/offline/i)
      .first()
      .waitFor();
    expect(await commitsFigure(page, before).isVisible()).toBe(true);
    code.commit('Move a buoy while nobody listens');
    await instance.run('import', code.path);
    await context.setOffline(false);
    await commitsFigure(page, before + 1).waitFor({ timeout: 60_000 });
    await context.close();
  });

  it('shows no number where none could be read, and never a zero', async () => {
    const { page, context } = await openVisitor(browser);
    await comeIn(page);
    const answers = page.route(/\/api\/v1\/widgets\//, (route) => route.abort());
    await answers;
    await page.evaluate(() => {
      history.pushState({}, '', '/?range=week');
      dispatchEvent(new PopStateEvent('popstate'));
    });
    await page.getByText('Failed').first().waitFor({ timeout: 60_000 });
    const totals = await page.getByRole('article', { name: 'Totals' }).innerText();
    expect(totals).not.toMatch(/(^|\s)0(\s|$)/);
    expect(totals).toContain('Try now');
    await page.unroute(/\/api\/v1\/widgets\//);
    await page.getByRole('article', { name: 'Totals' }).getByRole('button', { name: 'Try now' }).click();
    await commitsFigure(page).waitFor();
    await context.close();
  });

  it('survives the death of its PostgreSQL without a reload', async () => {
    const { page, context } = await openVisitor(browser);
    await comeIn(page);
    const pidFile = path.join(instance.folder, 'data/pg/postmaster.pid');
    process.kill(Number(readFileSync(pidFile, 'utf8').split('\n')[0]), 'SIGKILL');
    const before = code.countOwn();
    await expect
      .poll(async () => (await fetch(`${instance.address}/readyz`)).status, { timeout: 60_000, interval: 300 })
      .toBe(200);
    code.commit('Set the light again after the storm');
    await instance.run('import', code.path);
    await commitsFigure(page, before + 1).waitFor({ timeout: 60_000 });
    await context.close();
  });
});
