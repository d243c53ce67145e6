import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CodeFolder, writeCode } from './code-folder.ts';
import { findBarriers } from './find-barriers.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { commitsFigure, owner, setUpWithFolder } from './set-up.ts';

let browser: Browser;
let instance: Instance;
let code: CodeFolder;
let mira: Page;
let max: Page;
let ben: Page;
const faults: string[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  instance = await openInstance();
  code = await writeCode(instance);
  mira = await visit();
  await setUpWithFolder(mira, instance, code);
  await send(mira, 'POST', '/workspace/team', { name: 'Team' });
  max = await join('Max Berg', 'manager');
  ben = await join('Ben Holm', 'member');
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

async function visit(): Promise<Page> {
  const visitor = await openVisitor(browser);
  visitor.page.on('pageerror', (error) => faults.push(error.message));
  return visitor.page;
}

/** Asks the API as the page itself would, with its cookie. */
async function send(page: Page, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await page.evaluate(
    async ([how, where, what]) => {
      const response = await fetch(`/api/v1${where}`, {
        method: how,
        ...(what === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(what) }),
      });
      return { status: response.status, body: (await response.json().catch(() => ({}))) as Record<string, unknown> };
    },
    [method, path, body] as const,
  );
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

/** Somebody who was invited with a link, in a browser of their own. */
async function join(name: string, role: string): Promise<Page> {
  const { link } = await send(mira, 'POST', '/invitations', { kind: 'link', role });
  const page = await visit();
  await page.goto(`${instance.address}/sign-in`);
  const email = `${name.split(' ')[0]?.toLowerCase() ?? ''}@example.org`;
  const secret = new URL(String(link)).hash.slice(1);
  await send(page, 'POST', '/invitations/sign-up', { secret, name, email, password: owner.password });
  await page.goto(instance.address);
  await page.getByRole('heading', { name: 'Home' }).waitFor();
  return page;
}

async function addToTeam(act: string, name: string, done: string): Promise<void> {
  await mira.getByRole('button', { name: act }).click();
  const dialog = mira.getByRole('dialog');
  await dialog.getByLabel('Find').fill(name);
  await dialog.getByRole('button', { name }).click();
  await dialog.getByRole('button', { name: done }).click();
  await dialog.waitFor({ state: 'hidden' });
}

describe('a team', () => {
  it('is made, filled and given to a manager', async () => {
    await mira.goto(`${instance.address}/workspace/teams`);
    await mira.getByText('There is no team yet.').waitFor();
    await mira.getByRole('button', { name: 'New team' }).click();
    await mira.getByLabel('Name', { exact: true }).fill('Lighthouse');
    await mira.getByRole('button', { name: 'Make the team' }).click();
    await mira.getByRole('heading', { name: 'Lighthouse' }).waitFor();
    await addToTeam('Add somebody', owner.name, 'Add to the team');
    await mira.getByRole('table', { name: 'Members' }).getByText(owner.name).waitFor();
    expect(await findBarriers(mira)).toEqual([]);
  });

  it('has no manager whose role may not look, and says what to do', async () => {
    await mira.getByRole('button', { name: 'Add a manager' }).click();
    const dialog = mira.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Ben Holm' }).click();
    await dialog.getByRole('button', { name: 'Make manager' }).click();
    await dialog.getByText(/give them the role manager first/).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await addToTeam('Add a manager', 'Max Berg', 'Make manager');
    await mira.getByRole('table', { name: 'Managers' }).getByText('Max Berg').waitFor();
    expect(await mira.getByRole('table', { name: 'Managers' }).getByText('Ben Holm').count()).toBe(0);
  });

  it('lets its manager see the numbers of a member, who then sees who looked', async () => {
    await mira.goto(`${instance.address}/settings/profile`);
    await mira.getByText('Nobody looked.').waitFor();
    await max.goto(`${instance.address}/`);
    await max.getByRole('button', { name: 'Numbers of one person: choose' }).click();
    await max.getByRole('dialog').getByRole('button', { name: owner.name }).click();
    await commitsFigure(max, code.countOwn()).waitFor();
    await max.getByRole('heading', { name: owner.name }).waitFor();
    expect(await findBarriers(max)).toEqual([]);
    await commitsFigure(max).click();
    await max.getByText('Ask for it yourself').waitFor();
    await mira.reload();
    const looked = mira.getByRole('region', { name: 'Who looked' });
    await looked.getByText('Max Berg').waitFor();
    expect(await looked.getByRole('listitem').count()).toBe(1);
    expect(await findBarriers(mira)).toEqual([]);
  });

  it('refuses a member the numbers of somebody else, says why, and leads back', async () => {
    const address = new URL(max.url());
    await ben.goto(`${instance.address}/${address.search}`);
    await ben.getByText('These numbers are not yours to see.').waitFor();
    await ben
      .getByRole('main')
      .getByText(/managers of a team/)
      .waitFor();
    expect(await ben.getByRole('article').count()).toBe(0);
    expect(await ben.getByRole('button', { name: /^Numbers of one person/ }).count()).toBe(0);
    expect(await findBarriers(ben)).toEqual([]);
    await ben.getByRole('link', { name: 'Back to your own' }).click();
    await ben.getByRole('heading', { name: 'Home' }).waitFor();
    await mira.reload();
    await mira.getByRole('region', { name: 'Who looked' }).getByText('Max Berg').waitFor();
    expect(await mira.getByRole('region', { name: 'Who looked' }).getByText('Ben Holm').count()).toBe(0);
  });

  it('gives its manager no sight any more once it is in the archive', async () => {
    await mira.goto(`${instance.address}/workspace/teams`);
    await mira.getByRole('link', { name: 'Lighthouse' }).click();
    await mira.getByRole('button', { name: 'Archive', exact: true }).click();
    await mira.getByText('This team is archived').waitFor();
    await max.reload();
    await max.getByText('These numbers are not yours to see.').waitFor();
    expect(await max.getByRole('article').count()).toBe(0);
  });
});

describe('a profile', () => {
  it('shows a picture and a few words to others, and its colours follow to another browser', async () => {
    await ben.goto(`${instance.address}/settings/profile`);
    await ben
      .getByLabel('About you')
      .fill('I **trim** wicks. <img src=x onerror=alert(1)> [home](https://example.org)');
    const preview = ben.getByRole('region', { name: 'As others see it' });
    await preview.getByText('trim', { exact: true }).waitFor();
    expect(await preview.getByRole('link', { name: 'home' }).getAttribute('rel')).toContain('nofollow');
    expect(await preview.locator('img').count()).toBe(0);
    await ben.getByRole('region', { name: 'You', exact: true }).getByRole('button', { name: 'Save' }).click();
    await ben.getByRole('region', { name: 'You', exact: true }).getByText('Saved.').waitFor();
    const dot = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await ben
      .locator('input[type=file]')
      .setInputFiles({ name: 'me.png', mimeType: 'image/png', buffer: Buffer.from(dot, 'base64') });
    await ben.getByRole('button', { name: 'Use initials' }).waitFor();
    await ben.locator('.side-person img.avatar').waitFor();
    await mira.goto(`${instance.address}/workspace/people`);
    await mira.getByRole('button', { name: 'Ben Holm' }).first().click();
    await mira.getByRole('dialog', { name: 'Ben Holm' }).getByRole('link', { name: 'home' }).waitFor();
    await ben.getByRole('radio', { name: 'Dark' }).check({ force: true });
    await expect.poll(() => send(ben, 'GET', '/me/preferences')).toMatchObject({ theme: 'dark' });
    expect(await findBarriers(ben)).toEqual([]);
    const elsewhere = await visit();
    await elsewhere.goto(instance.address);
    await elsewhere.getByRole('textbox', { name: 'E-mail address' }).fill('ben@example.org');
    await elsewhere.getByRole('textbox', { name: 'Password' }).fill(owner.password);
    await elsewhere.keyboard.press('Enter');
    await elsewhere.getByRole('heading', { name: 'Home' }).waitFor();
    await elsewhere.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
  });

  it('says what another zone would cut anew before it is chosen', async () => {
    await mira.goto(`${instance.address}/settings/profile`);
    const section = mira.getByRole('region', { name: 'Time zone', exact: true });
    await section.getByRole('combobox').fill('Kiritimati');
    await mira.keyboard.press('Enter');
    await section.getByText(/days of yours, .* will be counted again with midnight in Pacific\/Kiritimati/).waitFor();
    expect(await send(mira, 'GET', '/me')).not.toMatchObject({ zone: 'Pacific/Kiritimati' });
    await section.getByRole('button', { name: 'Save' }).click();
    await section.getByText('Saved.').waitFor();
    expect(await send(mira, 'GET', '/me')).toMatchObject({ zone: 'Pacific/Kiritimati' });
  });
});

describe('the working calendar', () => {
  it('takes a pasted list of holidays, and a person takes them over', async () => {
    await mira.goto(`${instance.address}/workspace/calendar`);
    const lines = mira.getByLabel('Add holidays');
    await lines.fill('2099-12-25 Christmas Day\n2099-13-01 Nothing');
    await mira.getByText(/Line 2/).waitFor();
    await lines.fill('2099-12-25 Christmas Day\n2099-12-26 Boxing Day');
    await mira.getByRole('button', { name: 'Add 2 holidays' }).click();
    await mira.getByRole('table', { name: 'Holidays' }).getByText('Boxing Day').waitFor();
    await mira.getByLabel('Saturday').check();
    await mira.getByRole('button', { name: 'Save' }).click();
    await mira.getByText('Saved.').waitFor();
    expect(await findBarriers(mira)).toEqual([]);
    await mira.goto(`${instance.address}/settings/profile`);
    await mira.getByRole('button', { name: 'Take over 2 holidays of the workspace' }).click();
    await mira.getByText('Boxing Day').waitFor();
    await ben.goto(`${instance.address}/workspace/calendar`);
    await ben.getByText('Owners and admins of the workspace change the calendar.').waitFor();
    expect(await ben.getByRole('button', { name: 'Remove' }).count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
