import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CodeFolder, writeCode } from './code-folder.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { addFolder, commitsFigure, comeToSources, owner, setUpWithFolder, signIn } from './set-up.ts';

let browser: Browser;
let instance: Instance;
let code: CodeFolder;

beforeAll(async () => {
  browser = await openBrowser();
});
afterAll(() => browser.close());

beforeEach(async () => {
  instance = await openInstance();
  code = await writeCode(instance);
});
afterEach(() => instance.stop());

describe('from an empty data folder', () => {
  it('leads from the one-time link to the number that git itself gives', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await comeToSources(page, instance);
    await addFolder(page, code);
    await commitsFigure(page, code.countOwn()).waitFor();
    expect(code.countOwn()).toBeGreaterThan(20);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('proves the number in a receipt whose sum closes, and gives the focus back', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await setUpWithFolder(page, instance, code);
    await commitsFigure(page, code.countOwn()).waitFor();
    await commitsFigure(page).click();
    const receipt = page.getByRole('complementary', { name: /receipt/i });
    await receipt.getByText('Ask for it yourself').waitFor();
    const words = (await receipt.innerText()).replaceAll(/\s+/g, ' ');
    expect(words).toContain(`Counted ${code.countOwn()}`);
    expect(words).toContain('curl');
    expect(new URL(page.url()).searchParams.get('receipt')).not.toBeNull();
    await page.keyboard.press('Escape');
    await receipt.waitFor({ state: 'hidden' });
    expect(await commitsFigure(page).evaluate((figure) => figure === document.activeElement)).toBe(true);
    expect(faults).toEqual([]);
    await context.close();
  });

  it('moves the page when a commit is imported elsewhere, without a reload', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await setUpWithFolder(page, instance, code);
    const before = code.countOwn();
    await commitsFigure(page, before).waitFor();
    await page.evaluate(() => {
      (window as unknown as { untouched: boolean }).untouched = true;
    });
    code.commit('Say what the harbour lights mean');
    await instance.run('import', code.path);
    await commitsFigure(page, before + 1).waitFor();
    expect(await page.evaluate(() => (window as unknown as { untouched?: boolean }).untouched)).toBe(true);
    await page.getByText('Say what the harbour lights mean').first().waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  it('opens the link once, and lets the owner in again by the password only', async () => {
    const first = await openVisitor(browser);
    await comeToSources(first.page, instance);
    const stranger = await openVisitor(browser);
    await stranger.page.goto(instance.ownerLink ?? '');
    await stranger.page.getByRole('textbox', { name: 'Password' }).waitFor();
    expect(await stranger.page.getByRole('heading', { name: 'A folder with git repositories' }).count()).toBe(0);
    await signIn(stranger.page, instance, 'not the password');
    await stranger.page.getByText('That is not the address and password').waitFor();
    await signIn(stranger.page, instance);
    await stranger.page
      .getByRole('heading', { name: 'Home' })
      .or(stranger.page.getByText('A folder with git'))
      .first()
      .waitFor();
    await first.context.close();
    await stranger.context.close();
  });

  it('says to whoever is signed in what the link of the owner does, and does it only when they say so', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await comeToSources(page, instance);
    const link = /\/setup#\S+/.exec(await instance.run('owner', 'link'))?.[0] ?? 'no link';
    const follow = async (): Promise<void> => {
      // The fragment alone would not load the page anew.
      await page.goto('about:blank');
      await page.goto(`${instance.address}${link}`);
      await page.getByText(`You are signed in as ${owner.name}`).waitFor();
    };
    await follow();
    await page.getByRole('button', { name: 'Go on without using it' }).click();
    await page.waitForURL(`${instance.address}/`);
    await follow();
    await page.getByRole('button', { name: 'Set a new password' }).click();
    await page.getByRole('textbox', { name: 'Password' }).fill('five other words in order');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.waitForURL(`${instance.address}/`);
    await page.getByRole('button', { name: /switch the workspace/ }).waitFor();
    const stranger = await openVisitor(browser);
    await signIn(stranger.page, instance, 'five other words in order');
    await stranger.page.getByRole('button', { name: /switch the workspace/ }).waitFor();
    expect(faults).toEqual([]);
    await stranger.context.close();
    await context.close();
  });

  it('refuses a folder outside of what may be read, in words that say what to do', async () => {
    const { page, context } = await openVisitor(browser);
    await comeToSources(page, instance);
    await page.getByRole('textbox', { name: 'Path' }).fill('/etc');
    await page.getByRole('button', { name: 'Add this folder' }).click();
    await page.getByText('DEVPULSE_GIT_ROOTS').first().waitFor();
    expect(await page.getByRole('textbox', { name: 'Path' }).inputValue()).toBe('/etc');
    await context.close();
  });
});
