import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCode } from './code-folder.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { commitsFigure, setUpWithFolder } from './set-up.ts';

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

interface Proved {
  /** What the figure is called, and what it shows. */
  name: string;
  figure: string;
  slip: string;
  address: string;
  alarms: number;
}

/** Opens the receipt of every figure on the board, one after the other, and notes what each says. */
async function openAll(page: Page): Promise<Proved[]> {
  const figures = page.getByRole('main').locator('button[data-receipt]');
  const proved: Proved[] = [];
  for (let index = 0; index < (await figures.count()); index += 1) {
    const figure = figures.nth(index);
    const name = ((await figure.innerText()).split('\n').at(-1) ?? '').trim();
    const shown = await figure.locator('span').first().innerText();
    await figure.click();
    await page.locator('[data-receipt][aria-expanded="true"]').first().waitFor();
    const command = page.locator('.slip pre, .slip code').last();
    await command.waitFor();
    proved.push({
      name,
      figure: shown,
      slip: await page.locator('.slip-figure').innerText(),
      address: /'(http[^']+)'/.exec((await command.innerText()).replaceAll(/\s*\n\s*/g, ''))?.[1] ?? '',
      alarms: await page.locator('.slip [role="alert"]').count(),
    });
    await page.keyboard.press('Escape');
    await page.locator('.slip-figure').waitFor({ state: 'detached' });
  }
  return proved;
}

const digits = (text: string): string => /[\d,.]+/.exec(text)?.[0]?.replaceAll(',', '') ?? text.trim();

/** The exact value with as many decimals as the other text has. */
function roundLike(text: string, value: number | undefined): string {
  return value === undefined ? 'no value' : value.toFixed(text.split('.')[1]?.length ?? 0);
}

describe('every figure on the board', () => {
  it('equals its receipt, and the answer to the command that the receipt gives', async () => {
    const code = await writeCode(instance);
    const { page, context } = await openVisitor(browser);
    await setUpWithFolder(page, instance, code);
    await commitsFigure(page, code.countOwn()).waitFor();
    await page.waitForFunction(() => !document.body.innerText.includes('to be counted'));
    const proved = await openAll(page);
    expect(proved.length).toBeGreaterThan(20);

    const token = (await instance.run('token', 'create', '--scope', 'read')).trim().split('\n').at(-1) ?? '';
    for (const one of proved) {
      expect(one.alarms, `${one.name}: a sum that does not close`).toBe(0);
      // A place on an axis, such as the busiest hour, is shown by its name; its receipt counts what happened there.
      const isNumber = /^[\d,.]+$/.test(one.figure.trim().split(/\s/)[0] ?? '');
      expect(isNumber ? digits(one.figure) : digits(one.slip), one.name).toBe(digits(one.slip));
      const answer = await fetch(one.address, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status, `${one.name}: ${one.address}`).toBe(200);
      const { value, values } = (await answer.json()) as { value?: number; values?: { value: number }[] };
      expect(roundLike(digits(one.slip), value ?? values?.[0]?.value), one.name).toBe(digits(one.slip));
    }
    await context.close();
  });
});
