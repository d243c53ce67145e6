import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GithubCounterpart, openGithub } from '../github/open-github.ts';
import { claimInstallation, connectGithub, pasteApp, settingsOf, watchRepositories } from './connect-github.ts';
import { findBarriers } from './find-barriers.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { commitsFigure, comeToSources } from './set-up.ts';

let browser: Browser;
let github: GithubCounterpart;
let instance: Instance;
let page: Page;
let context: BrowserContext;
let faults: string[];
let connection: string;

const ada = { name: 'Ada', email: 'ada@example.org' };
const commitOf = (message: string, date = new Date(Date.now() - 3 * 86_400_000)) => ({
  message,
  author: { ...ada, date },
});

beforeAll(async () => {
  browser = await openBrowser();
  github = await openGithub({ accounts: [{ login: 'ada', name: ada.name, email: ada.email }] });
  for (const name of ['site', 'tools', 'notes'])
    github.seedRepository({
      name: `ada/${name}`,
      visibility: name === 'tools' ? 'private' : 'public',
      commits: Array.from({ length: 5 }, (_, index) => commitOf(`Step ${index} of ${name}`)),
      pulls: [{ by: 'ada', at: new Date(Date.now() - 2 * 86_400_000), commits: [commitOf(`A branch of ${name}`)] }],
    });
  github.signIn.user = github.account('ada');
  instance = await openInstance([], settingsOf(github));
  ({ page, context, faults } = await openVisitor(browser, { reducedMotion: true }));
  await comeToSources(page, instance);
});
afterAll(async () => {
  await context.close();
  await browser.close();
  await instance.stop();
  await github.close();
});

const everybody = async (): Promise<void> => {
  await page.goto(`${instance.address}/?subject=workspace&range=year`);
};
const openSource = async (name: string): Promise<void> => {
  await page.goto(`${instance.address}/sources`);
  await page.getByRole('main').getByRole('link', { name, exact: true }).click();
  await page.getByRole('heading', { name: 'How it is kept in step' }).waitFor();
};

describe('GitHub, from the set-up to a number', () => {
  it('is offered beside a folder, and says what each way gives and needs', async () => {
    await page.getByRole('link', { name: 'Connect GitHub' }).click();
    for (const way of ['GitHub App', 'GitHub’s page', 'A token'])
      await page.getByRole('article', { name: way }).getByText('Needs').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('is connected on its own page, with each scope and its reason shown before', async () => {
    await page.getByRole('button', { name: 'Connect on GitHub’s page' }).click();
    await page.getByRole('dialog').getByText('Read private repositories').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.keyboard.press('Escape');
    connection = await connectGithub(page, instance);
    await page.getByRole('heading', { name: 'ada', exact: true }).waitFor();
  });

  it('lists what it reaches only when asked, and finds a part of a name on the server', async () => {
    await page.getByText('GitHub has not been asked yet').waitFor();
    await page.getByRole('button', { name: 'List the repositories' }).click();
    await page.getByRole('row', { name: /ada\/tools private/ }).waitFor();
    await page.getByRole('searchbox', { name: 'Find' }).fill('not');
    await page.getByRole('row', { name: /ada\/site/ }).waitFor({ state: 'detached' });
    expect(new URL(page.url()).searchParams.get('search')).toBe('not');
    await page.getByRole('searchbox', { name: 'Find' }).fill('');
    await page.getByRole('row', { name: /ada\/site/ }).waitFor();
  });

  it('reads what is chosen, tells how far it is, and keeps that over a reload', async () => {
    await watchRepositories(page, ['ada/site', 'ada/tools']);
    await page.getByRole('heading', { name: 'Being read' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.reload();
    await page.getByText('2 repositories in step with GitHub.').waitFor({ timeout: 120_000 });
    await everybody();
    await commitsFigure(page, 10).waitFor({ timeout: 60_000 });
  });

  it('counts what reading all of it takes', async () => {
    await openSource('ada/site');
    await page.getByText(/^In step as of/).waitFor();
    await page.getByRole('button', { name: 'Count', exact: false }).click();
    await page.getByText(/About \d+ requests and points/).waitFor();
    await page.getByText('By kind').click();
    await page.getByRole('rowheader', { name: 'Pull requests', exact: true }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('moves the board after a push, once it is looked at again', async () => {
    github.act.push({ repository: 'ada/site', by: 'ada', commits: [commitOf('Pushed just now', new Date())] });
    await openSource('ada/site');
    await page.getByRole('button', { name: 'Check now: ada/site' }).click();
    await everybody();
    await commitsFigure(page, 11).waitFor({ timeout: 60_000 });
    expect(await commitsFigure(page, 10).count()).toBe(0);
  });

  it('says that a grant was taken back, keeps the numbers, and heals by connecting again', async () => {
    github.refuseAllTokens(true);
    await page.goto(`${instance.address}/settings/connections`);
    await page.getByRole('button', { name: 'Check now: ada' }).click();
    await page.getByText('Not accepted').waitFor();
    await everybody();
    await commitsFigure(page, 11).waitFor();
    await page.goto(`${instance.address}/sources`);
    await page.getByRole('main').getByRole('link', { name: 'Reconnect it' }).first().click();
    expect(new URL(page.url()).pathname).toBe(`/settings/connections/${connection}`);
    expect(await findBarriers(page)).toEqual([]);
    github.refuseAllTokens(false);
    await page.getByRole('button', { name: 'Reconnect: ada' }).click();
    await page.getByText(/^Connected as ada/).waitFor();
    await page.getByText('Not accepted').waitFor({ state: 'detached' });
    await page.goto(`${instance.address}/settings/connections/${connection}`);
    await page.getByText('2 repositories in step with GitHub.').waitFor({ timeout: 60_000 });
  });

  it('is used on a phone without a line that is wider than it', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const place of ['settings/connections', `settings/connections/${connection}`, 'sources']) {
      await page.goto(`${instance.address}/${place}`);
      await page.getByRole('main').getByText(/ada/).first().waitFor();
      expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    }
    await page.setViewportSize({ width: 1440, height: 1000 });
  });

  it('was drawn without a fault', () => {
    expect(faults).toEqual([]);
  });
});

describe('the GitHub App', () => {
  it('is made in two clicks, one here and one at GitHub, and can be removed again', async () => {
    await page.goto(`${instance.address}/settings/connections`);
    await page.getByRole('button', { name: 'Set up the App' }).click();
    await page.getByRole('button', { name: 'Make the App' }).click();
    await page.getByRole('button', { name: 'Create GitHub App' }).click();
    await page.getByText('The GitHub App devpulse is made.').waitFor();
    await page.getByRole('link', { name: 'Install it' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: 'Remove the App' }).click();
    await page.getByRole('button', { name: 'Remove DevPulse' }).click();
    await page.getByRole('button', { name: 'Set up the App' }).waitFor();
  });

  it('is set up by its id and key, claimed, and tells of a push by itself', async () => {
    const app = await pasteApp(page, instance, github);
    github.install(app, 'ada');
    await claimInstallation(page, 'ada');
    await watchRepositories(page, ['ada/notes']);
    await page.getByText('1 repository in step with GitHub.').waitFor({ timeout: 120_000 });
    await everybody();
    await commitsFigure(page, 16).waitFor({ timeout: 60_000 });
    github.act.push({ repository: 'ada/notes', by: 'ada', commits: [commitOf('Told by webhook', new Date())] });
    await github.office.settled();
    await commitsFigure(page, 17).waitFor({ timeout: 60_000 });
    expect(github.deliveries.some(({ event }) => event === 'push')).toBe(true);
  });

  it('shows what was delivered, what became of it, and reads it again', async () => {
    await page.goto(`${instance.address}/workspace/deliveries`);
    await page.getByRole('button', { name: 'push', exact: true }).first().click();
    const detail = page.getByRole('complementary', { name: 'Delivery' });
    await detail.getByText('Told by webhook').waitFor();
    // Half-way in, words would stand out less than they do.
    await page.evaluate(async () => {
      await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
    });
    expect(await findBarriers(page)).toEqual([]);
    await detail.getByRole('button', { name: 'Read it again' }).click();
    await page.getByText('1 delivery put back to be read again.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByLabel('Event', { exact: true }).selectOption('installation');
    await page.waitForURL(/event=installation/);
    await page.getByRole('button', { name: 'push', exact: true }).first().waitFor({ state: 'detached' });
    await everybody();
    await commitsFigure(page, 17).waitFor({ timeout: 60_000 });
  });

  it('is disconnected and keeps what was read, or is erased with it once its name is typed', async () => {
    await page.goto(`${instance.address}/settings/connections/${connection}`);
    await page.getByRole('button', { name: 'ada: menu' }).click();
    await page.getByRole('menuitem', { name: 'Disconnect' }).click();
    await page.getByRole('button', { name: 'Disconnect ada' }).click();
    await page.getByText('Disconnected', { exact: true }).waitFor();
    await everybody();
    await commitsFigure(page, 17).waitFor();
    await page.goto(`${instance.address}/settings/connections/${connection}`);
    await page.getByRole('button', { name: 'ada: menu' }).click();
    await page.getByRole('menuitem', { name: 'Erase with what was read' }).click();
    const erase = page.getByRole('button', { name: 'Erase ada' });
    expect(await erase.isDisabled()).toBe(true);
    await page.getByLabel('Type ada to confirm').fill('ada');
    await erase.click();
    await page.waitForURL(/\/settings\/connections$/);
    await page.goto(`${instance.address}/sources`);
    await page.getByRole('main').getByRole('link', { name: 'ada/notes', exact: true }).waitFor();
    expect(await page.getByRole('main').getByRole('link', { name: 'ada/site', exact: true }).count()).toBe(0);
    await everybody();
    // Erasing begins with the next minute; what other sources told of the same commits is read once more after it.
    await commitsFigure(page, 6).waitFor({ timeout: 150_000 });
  }, 240_000);
});
