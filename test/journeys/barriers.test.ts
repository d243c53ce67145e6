import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeCode } from './code-folder.ts';
import { findBarriers } from './find-barriers.ts';
import { openBrowser, openVisitor, type Sight } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { commitsFigure, comeToSources, owner } from './set-up.ts';

const sights: [string, Sight][] = [
  ['wide and light', { width: 1440, theme: 'light' }],
  ['wide and dark', { width: 1440, theme: 'dark' }],
  ['on a phone and light', { width: 390, theme: 'light' }],
  ['on a phone and dark', { width: 390, theme: 'dark' }],
];

let browser: Browser;
let instance: Instance;
let cookies: Awaited<ReturnType<Awaited<ReturnType<typeof openVisitor>>['context']['cookies']>>;

beforeAll(async () => {
  browser = await openBrowser();
  instance = await openInstance();
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

/** What stands in the way of somebody on a page that is drawn, plus sideways scrolling. */
async function judge(page: Page): Promise<string[]> {
  // What fades in has a weaker contrast on its way.
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))));
  const found = await findBarriers(page);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  return overflow > 0 ? [...found, `the page scrolls sideways by ${overflow} px`] : found;
}

describe('without barriers', () => {
  it('before anybody owns the instance, and on the way through the set-up', async () => {
    for (const [name, sight] of sights) {
      const { page, context } = await openVisitor(browser, sight);
      await page.goto(instance.address);
      await page.getByText('owner link').waitFor();
      expect(await judge(page), `no owner, ${name}`).toEqual([]);
      await page.goto(instance.ownerLink ?? '');
      await page.getByLabel('Name', { exact: true }).waitFor();
      expect(await judge(page), `set-up, ${name}`).toEqual([]);
      await context.close();
    }
  });

  it('while a source is added and authors are chosen, with nothing there yet, and on the board', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await comeToSources(page, instance);
    expect(await judge(page), 'adding a source').toEqual([]);
    await page.goto(`${instance.address}/`);
    await page
      .getByRole('region', { name: 'Board' })
      .or(page.getByRole('heading', { name: 'Home' }))
      .first()
      .waitFor();
    expect(await judge(page), 'an empty board').toEqual([]);
    const code = await writeCode(instance);
    await page.goto(`${instance.address}/setup`);
    await page.getByRole('textbox', { name: 'Path' }).fill(code.path);
    await page.getByRole('button', { name: 'Add this folder' }).click();
    await page.getByRole('button', { name: /are me$|is me$/ }).waitFor();
    expect(await judge(page), 'which are you').toEqual([]);
    await page.getByRole('button', { name: /are me$|is me$/ }).click();
    await commitsFigure(page, code.countOwn()).waitFor();
    cookies = await context.cookies();
    expect(faults).toEqual([]);
    await context.close();
  });

  it.each(sights)('at the door, behind mailed links, and where one says how to sign in, %s', async (_name, sight) => {
    const { page, context } = await openVisitor(browser, sight);
    await page.goto(`${instance.address}/?error=signup_disabled`);
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await judge(page), 'the door').toEqual([]);
    await page.getByRole('button', { name: 'Forgot the password?' }).click();
    await page.getByRole('heading', { name: 'Forgotten password' }).waitFor();
    expect(await judge(page), 'a forgotten password').toEqual([]);
    for (const place of ['reset#a-token', 'confirm#a-token', 'reset']) {
      await page.goto(`${instance.address}/${place}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await judge(page), place).toEqual([]);
    }
    await context.addCookies(cookies);
    await page.goto(`${instance.address}/settings/security`);
    await page.getByRole('button', { name: 'Set it up' }).click();
    await page.getByRole('textbox', { name: 'Your password' }).fill(owner.password);
    expect(await judge(page), 'asked for the password').toEqual([]);
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    expect(await judge(page), 'a second step being set up').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('img', { name: /QR code/ }).waitFor({ state: 'hidden' });
    expect(await judge(page), 'security').toEqual([]);
    await context.close();
  });

  it.each(sights)('on every page with data, %s', async (_name, sight) => {
    const { page, context, faults } = await openVisitor(browser, sight);
    await context.addCookies(cookies);
    for (const place of [
      '/',
      '/sources',
      '/repositories',
      '/settings',
      '/settings/profile',
      '/settings/security',
      '/workspace/authors',
      '/workspace/teams',
      '/workspace/calendar',
      '/pair',
      '/nowhere-at-all',
    ]) {
      await page.goto(`${instance.address}${place}`);
      await page.getByRole('main').getByRole('heading').first().waitFor();
      await page.waitForLoadState('load');
      if (place === '/') await commitsFigure(page).waitFor();
      expect(await judge(page), place).toEqual([]);
    }
    await page.goto(`${instance.address}/`);
    await commitsFigure(page).click();
    await page.getByText('Ask for it yourself').waitFor();
    expect(await judge(page), 'an open receipt').toEqual([]);
    expect(faults.filter((fault) => !fault.includes('404'))).toEqual([]);
    await context.close();
  });

  it('at the door, after signing out', async () => {
    for (const [name, sight] of sights) {
      const { page, context } = await openVisitor(browser, sight);
      await page.goto(instance.address);
      await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
      expect(await judge(page), name).toEqual([]);
      await context.close();
    }
  });
});
