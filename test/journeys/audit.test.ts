import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRuntime } from '@devpulse/server/runtime/open-runtime';
import { listWorkspaces } from '@devpulse/server/workspaces/ensure-workspace';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { comeToSources, owner } from './set-up.ts';

let browser: Browser;
let instance: Instance;
let page: Page;
let faults: string[];
beforeAll(async () => {
  browser = await openBrowser();
  instance = await openInstance();
  const visitor = await openVisitor(browser);
  ({ page, faults } = visitor);
  await comeToSources(page, instance);
  await instance.run('token', 'create', '--name', 'build server', '--scope', 'read');
  await instance.run('keys', 'rotate');
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

const open = async (query = ''): Promise<void> => {
  await page.goto(`${instance.address}/workspace/audit${query}`);
};
const entries = (words: RegExp | string) => page.getByRole('button', { name: words });

describe('the audit log', () => {
  it('shows who did what, says that it is whole, and opens an entry beside the list', async () => {
    await open();
    await page.getByText(/The log is whole up to entry \d/).waitFor();
    await entries(/Keys rotated.*Somebody at the command line/).waitFor();
    await entries(/API token made: build server/).click();
    const detail = page.getByRole('complementary', { name: /^Entry \d+$/ });
    await detail.getByText('token.created').waitFor();
    await detail.getByRole('rowheader', { name: 'May', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await detail.waitFor({ state: 'detached' });
    // The focus is back where it came from.
    expect(await entries(/API token made/).evaluate((element) => element === document.activeElement)).toBe(true);
  });

  it('is narrowed down in the address, which can be kept', async () => {
    await open();
    await page.getByLabel('What happened').selectOption({ label: 'Keys rotated' });
    await page.waitForURL(/action=keys.rotated/);
    await entries(/API token made/).waitFor({ state: 'detached' });
    await page.reload();
    await entries(/Keys rotated/).waitFor();
    expect(await entries(/API token made/).count()).toBe(0);
    await page.getByLabel('To', { exact: true }).fill('2020-01-01');
    await page.getByText('Nothing that fits was written down.').waitFor();
    await page.getByRole('button', { name: 'Show everything' }).first().click();
    await entries(/API token made/).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('is downloaded as it is shown, and says that it was', async () => {
    await open('?action=keys.rotated');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download as CSV' }).click(),
    ]);
    const text = await readFile((await download.path()) ?? '', 'utf8');
    expect(text.split('\r\n')[0]).toMatch(/^seq,at,action,title,actor,/);
    expect(text).toContain('keys.rotated');
    expect(text).not.toContain('token.created');
    await open();
    await entries(/Audit log exported/).click();
    await page.getByRole('rowheader', { name: 'File' }).waitFor();
  });

  it('is kept as long as its owner says, which it tells as well', async () => {
    await open();
    await page.getByLabel('Entries are kept for').selectOption({ label: '5 years' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await entries(/Workspace settings changed.*Days for which this log is kept: 730 → 1825/).waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).waitFor({ state: 'detached' });
    await page.reload();
    expect(await page.getByLabel('Entries are kept for').inputValue()).toBe('1825');
  });

  it('can be read on a phone, without a line that is wider than it', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open();
    await entries(/\d Keys rotated/).waitFor();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await page.setViewportSize({ width: 1440, height: 1000 });
  });

  it('is closed to a member, on the screen and behind it', async () => {
    await changeRole('member');
    await open();
    await page.getByText('This page is for owners and admins.').waitFor();
    const answer = await page.evaluate(async () => (await fetch('/api/v1/audit')).status);
    expect(answer).toBe(403);
    await changeRole('owner');
    await open();
    await entries(/Access refused/).waitFor();
  });

  it('was drawn without a fault', () => {
    // The refusal above is one that the browser itself tells.
    expect(faults.filter((fault) => !fault.includes('403'))).toEqual([]);
  });
});

/** In the store: the screens keep the last owner. */
async function changeRole(role: 'owner' | 'member'): Promise<void> {
  const runtime = await openRuntime({
    dataDir: path.join(instance.folder, 'data'),
    databaseUrl: undefined,
    kind: 'command',
    log: () => undefined,
  });
  try {
    for (const id of await listWorkspaces(runtime.store))
      await runtime.store.inWorkspace(id, (trx) =>
        trx
          .updateTable('people_members')
          .set({ role })
          .where('person_id', 'in', trx.selectFrom('people').select('id').where('name', '=', owner.name))
          .execute(),
      );
  } finally {
    await runtime.close();
  }
}
