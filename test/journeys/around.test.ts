import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodeFolder, writeCode } from './code-folder.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { commitsFigure, setUpWithFolder } from './set-up.ts';

let browser: Browser;
let instance: Instance;
let code: CodeFolder;
let cookies: Awaited<ReturnType<Awaited<ReturnType<typeof openVisitor>>['context']['cookies']>>;

beforeAll(async () => {
  browser = await openBrowser();
  instance = await openInstance();
  code = await writeCode(instance);
  const { page, context } = await openVisitor(browser);
  await setUpWithFolder(page, instance, code);
  cookies = await context.cookies();
  await context.close();
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

/** Somebody who is signed in and looks at the board. */
async function openBoard(sight: Parameters<typeof openVisitor>[1] = {}) {
  const visitor = await openVisitor(browser, sight);
  await visitor.context.addCookies(cookies);
  await visitor.page.goto(instance.address);
  await commitsFigure(visitor.page, code.countOwn()).waitFor();
  return visitor;
}

function heading(page: Page, name: string) {
  return page.getByRole('heading', { level: 1, name });
}

/** Where the focus is: the id of the element, or its name. */
function focusIn(page: Page): Promise<string> {
  return page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || '');
}

describe('from page to page', () => {
  it('goes on at the top of the next page, and back to where one was', async () => {
    const { page, context, faults } = await openBoard({ height: 500 });
    await page.evaluate(() => scrollTo(0, 400));
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sources' }).click();
    await heading(page, 'Sources').waitFor();
    expect(await page.evaluate(() => scrollY)).toBe(0);
    await page.goBack();
    await heading(page, 'Home').waitFor();
    await expect.poll(() => page.evaluate(() => scrollY)).toBe(400);
    await page.goForward();
    await heading(page, 'Sources').waitFor();
    expect(await page.getByRole('link', { name: 'Sources' }).first().getAttribute('aria-current')).toBe('page');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('gives the focus to the page when what had it is gone, and leaves it where it still is', async () => {
    const { page, context } = await openBoard();
    await page.locator('#content').focus();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await heading(page, 'Repositories').waitFor();
    const link = page.getByTitle(`Show the board for ${code.repository} alone`);
    await link.focus();
    await page.keyboard.press('Enter');
    await heading(page, 'Home').waitFor();
    await expect.poll(() => focusIn(page)).toBe('content');
    const sources = page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Sources' });
    await sources.focus();
    await page.keyboard.press('Enter');
    await heading(page, 'Sources').waitFor();
    expect(await sources.evaluate((element) => element === document.activeElement)).toBe(true);
    await context.close();
  });

  it('shows the last page that was asked for, however long another takes', async () => {
    const { page, context, faults } = await openBoard();
    let answer = (): void => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/\/assets\/repositories-page/, async (route) => {
      await held;
      await route.continue();
    });
    const links = page.getByRole('navigation', { name: 'Main' });
    await links.getByRole('link', { name: 'Repositories' }).click();
    await links.getByRole('link', { name: 'Sources' }).click();
    await heading(page, 'Sources').waitFor();
    answer();
    await page.waitForLoadState('networkidle');
    expect(await heading(page, 'Sources').isVisible()).toBe(true);
    expect(new URL(page.url()).pathname).toBe('/sources');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('leaves a press with the control key to the browser', async () => {
    const { page, context } = await openBoard();
    const [beside] = await Promise.all([
      context.waitForEvent('page'),
      page
        .getByRole('navigation', { name: 'Main' })
        .getByRole('link', { name: 'Sources' })
        .click({ modifiers: ['Control'] }),
    ]);
    await heading(beside, 'Sources').waitFor();
    expect(await heading(page, 'Home').isVisible()).toBe(true);
    await context.close();
  });
});

describe('an address that leads nowhere', () => {
  const words = 'There is no page at this address';

  it('says so to whoever is in, and leads home', async () => {
    const { page, context } = await openBoard();
    await page.goto(`${instance.address}/nowhere`);
    await heading(page, words).waitFor();
    await page.getByRole('link', { name: 'Go home' }).click();
    await commitsFigure(page).waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    await context.close();
  });

  it('says the same to whoever is not, instead of asking for a password', async () => {
    const { page, context } = await openVisitor(browser);
    await page.goto(`${instance.address}/nowhere`);
    await heading(page, words).waitFor();
    expect(await page.getByRole('textbox').count()).toBe(0);
    expect(await focusIn(page)).toBe(words);
    await context.close();
  });
});

describe('when the program is stopped', () => {
  // The last one: nobody starts it again.
  it('opens all the same from what the browser keeps, and says who is silent', async () => {
    const { page, context } = await openBoard();
    await page.evaluate(() => navigator.serviceWorker.ready);
    const keptFiles = (): Promise<number> =>
      page.evaluate(async () => {
        const names = await caches.keys();
        const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
        return kept.flat().filter(({ url }) => /\/assets\/(open-door|shell|library)/.test(url)).length;
      });
    await expect.poll(keptFiles, { timeout: 30_000 }).toBeGreaterThanOrEqual(3);
    await instance.kill('SIGTERM');
    await page.goto(`${instance.address}/repositories`);
    await heading(page, 'The server does not answer').waitFor();
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
    // What one person was shown must not be there for the next one.
    expect(await page.getByText('Mira').count()).toBe(0);
    await context.close();
  });
});
