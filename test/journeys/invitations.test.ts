import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GithubFront, openGithubFront } from '../../apps/server/src/accounts/testing/github-front.ts';
import { type Mailbox, openMailbox } from '../../apps/server/src/mail/testing/open-mailbox.ts';
import { findFreePort } from '../../tools/find-free-port.ts';
import { findBarriers } from './find-barriers.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { comeToSources, owner } from './set-up.ts';

let browser: Browser;
let instance: Instance;
let github: GithubFront;
let mailbox: Mailbox;
let page: Page;

beforeAll(async () => {
  browser = await openBrowser();
  github = await openGithubFront({ callback: null, withPage: true });
  mailbox = await openMailbox();
  // A link in a mail names the address beforehand, so the port cannot be left to chance.
  const port = await findFreePort();
  instance = await openInstance(['--port', String(port)], {
    DEVPULSE_URL: `http://localhost:${port}`,
    GITHUB_BASE_URL: github.app.url,
    GITHUB_API_URL: github.app.apiUrl,
    GITHUB_CLIENT_ID: github.app.clientId,
    GITHUB_CLIENT_SECRET: github.app.clientSecret,
    SMTP_URL: mailbox.url,
    MAIL_FROM: 'DevPulse <devpulse@example.org>',
  });
  ({ page } = await openVisitor(browser));
  await comeToSources(page, instance);
  // The personal workspace becomes the team's, with whatever is in it.
  await page.goto(`${instance.address}/workspace/general`);
  await page.getByRole('button', { name: 'Make it a team’s workspace' }).click();
  await page.getByRole('textbox', { name: 'Name of the team’s workspace' }).fill('Rocket Team');
  await page.getByRole('dialog').getByRole('button', { name: 'Make it a team’s' }).click();
  await page.getByRole('link', { name: 'Invite people' }).waitFor();
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
  await github.close();
  await mailbox.close();
});

async function invite(kind: string, label: string | null, who = ''): Promise<void> {
  await page.goto(`${instance.address}/workspace/invitations`);
  await page.getByRole('radio', { name: kind }).check();
  if (label !== null) await page.getByRole('textbox', { name: label }).fill(who);
  await page.getByRole('button', { name: /^(Send the invitation|Make a link)$/ }).click();
}

describe('an invitation by address', () => {
  it('comes by mail, and opens an account for that address alone', async () => {
    await invite('By address', 'E-mail address', 'lena@example.org');
    await page.getByText('The invitation was mailed to lena@example.org.').waitFor();
    let mail = await mailbox.next();
    // The owner was asked to confirm an address meanwhile.
    while (!mail.headers.includes('To: lena@example.org')) mail = await mailbox.next();
    const { headers, text } = mail;
    expect(headers).toContain(`Subject: ${owner.name} invites you to Rocket Team on DevPulse`);
    const link = /^http\S+\/join#\S+$/m.exec(text)?.[0] ?? '';

    const lena = await openVisitor(browser);
    await lena.page.goto(link);
    const address = lena.page.getByRole('textbox', { name: 'E-mail address' });
    expect([await address.inputValue(), await address.isEditable()]).toEqual(['lena@example.org', false]);
    await lena.page.getByLabel('Name').fill('Lena Ost');
    await lena.page.getByRole('textbox', { name: 'Password' }).fill('yet another password');
    await lena.page.getByRole('button', { name: 'Make an account and join' }).click();
    await lena.page.getByRole('button', { name: /^Rocket Team, Lena Ost/ }).waitFor();
    expect(lena.faults).toEqual([]);

    await page.getByText('Accepted by Lena Ost').waitFor();
    // The very same link, in another browser.
    const late = await openVisitor(browser);
    await late.page.goto(link);
    await late.page.getByRole('heading', { name: 'This invitation was accepted already' }).waitFor();
    await late.context.close();
    await lena.context.close();
  });
});

describe('an invitation by GitHub login', () => {
  it('is refused to anybody else, and accepted by way of GitHub', async () => {
    await invite('By GitHub login', 'GitHub login', 'Octo');
    const link = (await page.locator('code', { hasText: '/join#' }).textContent()) ?? '';

    const lena = await openVisitor(browser);
    await lena.page.goto(`${instance.address}/sign-in`);
    await lena.page.getByRole('textbox', { name: 'E-mail address' }).fill('lena@example.org');
    await lena.page.getByRole('textbox', { name: 'Password' }).fill('yet another password');
    await lena.page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await lena.page.getByRole('button', { name: /^Rocket Team, Lena Ost/ }).waitFor();
    await lena.page.goto(link);
    await lena.page.getByRole('button', { name: 'Accept as Lena Ost' }).click();
    await lena.page.getByText('This account cannot accept it').waitFor();
    await lena.page.getByText(`${owner.name} can instead make a link`).waitFor();
    await lena.context.close();

    const octo = await openVisitor(browser, { width: 390 });
    await octo.page.goto(link);
    expect(await octo.page.getByRole('textbox', { name: 'Password' }).count()).toBe(0);
    await octo.page.getByRole('button', { name: 'Go on with GitHub' }).click();
    await octo.page.waitForURL(/\/login\/oauth\/authorize/);
    await octo.page.getByRole('button', { name: /octo/i }).first().click();
    // The account is new; the invitation has waited in the tab.
    await octo.page.getByRole('button', { name: 'Accept as Octo' }).click();
    await octo.page.waitForURL(`${instance.address}/`);
    expect(
      await octo.page.evaluate(async () => {
        const session = (await (await fetch('/api/v1/session')).json()) as {
          workspaces: { name: string; role: string }[];
        };
        return session.workspaces.map(({ name, role }) => `${name} ${role}`).toSorted();
      }),
    ).toEqual(['My work owner', 'Rocket Team member']);
    expect(octo.faults).toEqual([]);
    await octo.context.close();
    await page.getByText('Accepted by Octo').waitFor();
  });
});

describe('the pages about the workspace', () => {
  it.each([
    ['wide and light', { width: 1440, theme: 'light' }],
    ['on a phone and dark', { width: 390, theme: 'dark' }],
  ] as const)('have no barriers, %s', async (_name, sight) => {
    const visitor = await openVisitor(browser, sight);
    await visitor.context.addCookies(await page.context().cookies());
    const judge = async (path: string, ready: string): Promise<void> => {
      await visitor.page.goto(`${instance.address}${path}`);
      await visitor.page.getByText(ready).first().waitFor();
      expect(await findBarriers(visitor.page), path).toEqual([]);
      const overflow = await visitor.page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow, `${path} scrolls sideways`).toBe(0);
    };
    await judge('/workspace/general', 'Delete Rocket Team');
    await judge('/workspace/people', 'Lena Ost');
    await judge('/workspace/invitations', 'Accepted by Lena Ost');
    await judge('/workspace/new', 'Make the workspace');
    await judge('/w/nobodys', 'You have no workspace');
    await judge('/join', 'This link is not whole');
    await invite('By a link', null);
    const link = new URL((await page.locator('code', { hasText: '/join#' }).textContent()) ?? '');
    await judge(`${link.pathname}${link.hash}`, 'Accept as');
    await visitor.context.clearCookies();
    await judge(`${link.pathname}${link.hash}`, 'Make an account and join');
    await visitor.context.close();
  });
});
