import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { comeToSources, owner } from './set-up.ts';

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

/** What the server answers to a question of this page, as whoever is signed in there. */
function statusOf(page: Page, path: string): Promise<number> {
  return page.evaluate(async (address) => (await fetch(address)).status, path);
}

const guest = { name: 'Ravi Anand', email: 'ravi@example.org', password: 'another long password' };

describe('a team', () => {
  it('begins with a workspace, an invitation and a link, and a role counts at once', async () => {
    const { page, faults } = await openVisitor(browser);
    await comeToSources(page, instance);
    await page.goto(`${instance.address}/`);
    await page.getByRole('button', { name: /switch the workspace/ }).click();
    await page.getByRole('menuitem', { name: 'New workspace' }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Rocket Team');
    expect(await page.getByRole('textbox', { name: 'Address' }).inputValue()).toBe('rocket-team');
    await page.getByRole('button', { name: 'Make the workspace' }).click();
    await page.getByRole('button', { name: /^Rocket Team, / }).waitFor();

    await page.goto(`${instance.address}/workspace/invitations`);
    await page.getByText('Nobody was invited yet').waitFor();
    await page.getByRole('radio', { name: 'By a link' }).check();
    await page.getByLabel('Role').selectOption('admin');
    await page.getByRole('button', { name: 'Make a link' }).click();
    const link = await page.locator('code', { hasText: '/join#' }).textContent();
    await page.getByText('Open until').waitFor();

    const other = await openVisitor(browser, { width: 390, theme: 'dark' });
    await other.page.goto(link ?? '');
    await other.page.getByRole('heading', { name: 'Join Rocket Team' }).waitFor();
    await other.page.getByText(`${owner.name} invites you to Rocket Team`).waitFor();
    // The secret stays out of the history of the browser.
    expect(new URL(other.page.url()).hash).toBe('');
    await other.page.getByLabel('Name').fill(guest.name);
    await other.page.getByRole('textbox', { name: 'E-mail address' }).fill(guest.email);
    await other.page.getByRole('textbox', { name: 'Password' }).fill(guest.password);
    await other.page.getByRole('button', { name: 'Make an account and join' }).click();
    await other.page.waitForURL(`${instance.address}/`);
    expect(await statusOf(other.page, '/api/v1/invitations')).toBe(200);
    await other.page.goto(`${instance.address}/workspace/invitations`);
    await other.page.getByText(`Accepted by ${guest.name}`).waitFor();

    // The owner's page has heard of it by itself.
    await page.getByText(`Accepted by ${guest.name}`).waitFor();
    await page.getByRole('link', { name: 'People' }).click();
    await page.getByRole('combobox', { name: `Role of ${guest.name}` }).selectOption('member');
    await page.getByText(`${guest.name} is member now.`).waitFor();
    expect(await statusOf(other.page, '/api/v1/invitations')).toBe(403);
    await other.page.getByText('This page is for owners and admins.').waitFor();

    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => statusOf(other.page, '/api/v1/invitations')).toBe(200);
    await page.getByRole('button', { name: `${guest.name}: menu` }).click();
    await page.getByRole('menuitem', { name: 'Deactivate' }).click();
    await page.getByText('what they did stays').waitFor();
    // What was on screen of the team goes, without anything being pressed.
    await other.page.getByText('This workspace is yours alone').waitFor();
    await expect
      .poll(() =>
        other.page.evaluate(async () => ((await (await fetch('/api/v1/workspace')).json()) as { kind: string }).kind),
      )
      .toBe('personal');
    expect(faults).toEqual([]);
    expect(other.faults.filter((fault) => !fault.includes('403'))).toEqual([]);
    await other.context.close();
  });

  it('keeps an old address, and is deleted by its name alone', async () => {
    const { page, context } = await openVisitor(browser);
    await signIn(page, owner);
    await page.goto(`${instance.address}/w/rocket-team`);
    await page.getByRole('button', { name: /^Rocket Team, / }).waitFor();
    await page.goto(`${instance.address}/workspace/general`);
    await page.getByRole('textbox', { name: 'Address' }).fill('moon-team');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Saved.').waitFor();

    await page.getByRole('button', { name: /switch the workspace/ }).click();
    await page.getByRole('menuitemcheckbox', { name: 'My work' }).click();
    await page.getByRole('button', { name: /^My work, / }).waitFor();
    await page.goto(`${instance.address}/w/rocket-team`);
    await page.getByRole('button', { name: /^Rocket Team, / }).waitFor();
    await page.goto(`${instance.address}/w/nobodys-team`);
    await page.getByText('You have no workspace at').waitFor();

    await page.goto(`${instance.address}/workspace/general`);
    await page.getByRole('button', { name: 'Delete Rocket Team' }).click();
    const dialog = page.getByRole('dialog');
    const sure = dialog.getByRole('button', { name: 'Delete for good' });
    await dialog.getByRole('textbox').fill('Rocket');
    expect(await sure.isDisabled()).toBe(true);
    await dialog.getByRole('textbox').fill('Rocket Team');
    await sure.click();
    await page.getByRole('button', { name: /^My work, / }).waitFor();
    expect(await instance.run('workspace', 'list')).not.toContain('Rocket Team');
    await context.close();
  });

  it('is joined by whoever has an account and signs in on the way, and declined without one', async () => {
    const host = await openVisitor(browser);
    await signIn(host.page, guest);
    await host.page.goto(`${instance.address}/workspace/new`);
    await host.page.getByRole('textbox', { name: 'Name' }).fill('Moon Base');
    await host.page.getByRole('button', { name: 'Make the workspace' }).click();
    await host.page.getByRole('button', { name: /^Moon Base, / }).waitFor();
    // Not even its owner reads folders of the machine: that is for those who look after the instance.
    await host.page.goto(`${instance.address}/sources`);
    await host.page.getByRole('button', { name: 'Add a source' }).first().click();
    await host.page.getByText('Events that a program sends').waitFor();
    expect(await host.page.getByRole('textbox', { name: 'Path' }).count()).toBe(0);

    const { page, context, faults } = await openVisitor(browser);
    await page.goto(await makeLink(host.page));
    await page.getByRole('link', { name: 'I have an account: sign in' }).click();
    await fillSignIn(page, owner);
    await page.getByRole('button', { name: `Accept as ${owner.name}` }).click();
    await page.getByRole('button', { name: /^Moon Base, / }).waitFor();
    expect(faults).toEqual([]);

    const stranger = await openVisitor(browser);
    await stranger.page.goto(await makeLink(host.page));
    await stranger.page.getByRole('button', { name: 'Decline' }).click();
    await stranger.page.getByRole('heading', { name: 'You declined the invitation' }).waitFor();
    await host.page.getByText('Declined', { exact: true }).waitFor();
    for (const visitor of [context, host.context, stranger.context]) await visitor.close();
  });
});

async function makeLink(page: Page): Promise<string> {
  await page.goto(`${instance.address}/workspace/invitations`);
  await page.getByRole('radio', { name: 'By a link' }).check();
  await page.getByRole('button', { name: 'Make a link' }).click();
  return (await page.locator('code', { hasText: '/join#' }).textContent()) ?? '';
}

async function signIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.goto(`${instance.address}/sign-in`);
  await fillSignIn(page, who);
  await page.getByRole('button', { name: /switch the workspace/ }).waitFor();
}

async function fillSignIn(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(who.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(who.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}
