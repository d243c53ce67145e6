import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type CodeFolder, writeCode } from './code-folder.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { readZip } from './read-zip.ts';
import { commitsFigure, comeToSources, owner, setUpWithFolder } from './set-up.ts';

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

async function openData(page: Page, at: Instance): Promise<void> {
  await page.goto(`${at.address}/settings/data`);
  await page.getByRole('heading', { name: 'Export' }).waitFor();
}

/** Has everything exported, and keeps the file. */
async function download(page: Page, file: string): Promise<void> {
  await page.getByRole('button', { name: 'Export my data' }).click();
  const [fetched] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ]);
  await fetched.saveAs(file);
  expect(fetched.suggestedFilename()).toMatch(/^devpulse-my-data-\d{4}-\d\d-\d\d\.zip$/);
}

describe('one’s own data', () => {
  it('is downloaded as a file that holds one’s commits, and taken in by another DevPulse', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await setUpWithFolder(page, instance, code);
    await commitsFigure(page, code.countOwn()).waitFor();
    await openData(page, instance);
    const file = path.join(instance.folder, 'export.zip');
    await download(page, file);
    const files = await readZip(await readFile(file));
    const commits = JSON.parse(files.get('workspaces/1/fact_commits.json') ?? '[]') as { subject: string }[];
    expect(commits).toHaveLength(code.countAll());
    expect(JSON.parse(files.get('account/auth.user.json') ?? '[]')).toMatchObject([{ email: owner.email }]);
    expect(await page.getByRole('button', { name: 'Export my data' }).isDisabled()).toBe(true);
    expect(faults).toEqual([]);
    await context.close();

    const other = await openInstance();
    try {
      const visitor = await openVisitor(browser);
      await comeToSources(visitor.page, other);
      await openData(visitor.page, other);
      await visitor.page.getByLabel('Choose a file').setInputFiles(file);
      await visitor.page.getByText(/of which [\d,]+ are not here yet/).waitFor();
      await visitor.page.getByRole('button', { name: 'Take it in' }).click();
      await visitor.page.getByText(/of which [\d,]+ were new/).waitFor();
      await visitor.page.goto(other.address);
      await commitsFigure(visitor.page, code.countOwn()).waitFor();
      expect(visitor.faults).toEqual([]);
      await visitor.context.close();
    } finally {
      await other.stop();
    }
  });

  it('goes with the account, whose end is the door', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await setUpWithFolder(page, instance, code);
    await openData(page, instance);
    await page.getByRole('button', { name: 'Delete my account' }).click();
    const dialog = page.getByRole('dialog', { name: 'Delete your account?' });
    const act = dialog.getByRole('button', { name: 'Delete it for good' });
    await dialog.getByLabel('Type DELETE to confirm').fill('delete');
    await dialog.getByRole('textbox', { name: 'Your password' }).fill('not my password');
    expect(await act.isDisabled()).toBe(true);
    await dialog.getByLabel('Type DELETE to confirm').fill('DELETE');
    await act.click();
    await dialog.getByText('This is not your password.').waitFor();
    faults.length = 0;
    await dialog.getByRole('textbox', { name: 'Your password' }).fill(owner.password);
    await act.click();
    await page.waitForURL(/\/sign-in$/);
    await page.getByRole('heading').first().waitFor();
    await page.goto(instance.address);
    await page.getByRole('heading').first().waitFor();
    expect(await page.getByRole('article', { name: 'Totals' }).count()).toBe(0);
    expect(await instance.run('verify')).toContain('0 raw events');
    expect(faults).toEqual([]);
    await context.close();
  });

  it('is told of on the privacy page, with every feature', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await setUpWithFolder(page, instance, code);
    await page.goto(`${instance.address}/settings/privacy`);
    await page.getByRole('heading', { name: 'Local git folders' }).waitFor();
    expect(await page.getByRole('region').count()).toBeGreaterThan(10);
    await page.getByRole('link', { name: 'Your data' }).last().click();
    await page.getByRole('heading', { name: 'Delete account' }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });
});
