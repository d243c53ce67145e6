import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCode } from './code-folder.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { commitsFigure, owner, signIn } from './set-up.ts';

let browser: Browser;
let instance: Instance;

beforeAll(async () => {
  browser = await openBrowser();
  instance = await openInstance();
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

const stopsMax = 80;

/** Goes on with the Tab key until something has the focus; a thing that cannot be reached fails here. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await target.first().waitFor();
  for (let stop = 0; stop < stopsMax; stop += 1) {
    if (await hasFocus(target)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${stopsMax} presses of Tab did not lead to ${String(target)}`);
}

function hasFocus(target: Locator): Promise<boolean> {
  return target.first().evaluate((element) => element === document.activeElement);
}

/** The name of whatever has the focus, as a screen reader would begin. */
function focusedName(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (element?.getAttribute('aria-label') ?? element?.textContent ?? '').trim();
  });
}

describe('with the keyboard only', () => {
  it('one sets up, opens a receipt, walks the calendar and comes back to where one was', async () => {
    const code = await writeCode(instance);
    const { page, context, faults } = await openVisitor(browser);
    await page.goto(instance.ownerLink ?? '');
    await tabTo(page, page.getByLabel('Name', { exact: true }));
    await page.keyboard.type(owner.name);
    await tabTo(page, page.getByRole('textbox', { name: 'E-mail address' }));
    await page.keyboard.type(owner.email);
    await tabTo(page, page.getByRole('textbox', { name: 'Password' }));
    await page.keyboard.type(owner.password);
    await page.keyboard.press('Enter');

    await tabTo(page, page.getByRole('textbox', { name: 'Path' }));
    await page.keyboard.type(code.path);
    await tabTo(page, page.getByRole('button', { name: 'Add this folder' }));
    await page.keyboard.press('Enter');
    await tabTo(page, page.getByRole('button', { name: /are me$|is me$/ }));
    await page.keyboard.press('Enter');

    await commitsFigure(page, code.countOwn()).waitFor();
    await tabTo(page, commitsFigure(page));
    await page.keyboard.press('Enter');
    await page.getByText('Ask for it yourself').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('Ask for it yourself').waitFor({ state: 'hidden' });
    expect(await hasFocus(commitsFigure(page))).toBe(true);

    await tabTo(page, page.locator('[role="gridcell"][tabindex="0"]'));
    await page.keyboard.press('End');
    const last = await focusedName(page);
    await page.keyboard.press('ArrowLeft');
    const weekBefore = await focusedName(page);
    expect(last).toMatch(/\d{4}.*commits?/);
    expect(weekBefore).toMatch(/\d{4}.*commits?/);
    expect(weekBefore).not.toBe(last);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('one skips to the content at once', async () => {
    const { page, context } = await openVisitor(browser);
    await signIn(page, instance);
    await commitsFigure(page).waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press('Tab');
    expect(await focusedName(page)).toBe('Skip to the page');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.querySelector('main')?.contains(document.activeElement))).toBe(true);
    await context.close();
  });
});
