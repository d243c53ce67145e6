import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GithubFront, openGithubFront } from '../../apps/server/src/accounts/testing/github-front.ts';
import { showCode } from '../../apps/server/src/accounts/testing/totp.ts';
import { type Mailbox, openMailbox } from '../../apps/server/src/mail/testing/open-mailbox.ts';
import { findFreePort } from '../../tools/find-free-port.ts';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { comeToSources, owner, signIn } from './set-up.ts';

let browser: Browser;
let instance: Instance;
let github: GithubFront;
let mailbox: Mailbox;
let password = owner.password;

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
  const { page, context } = await openVisitor(browser);
  await comeToSources(page, instance);
  await context.close();
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
  await github.close();
  await mailbox.close();
});

/** Whatever page a signed-in visitor lands on first has the menu of their own. */
const waitInside = (page: Page) =>
  page
    .getByRole('button', { name: new RegExp(owner.name) })
    .first()
    .waitFor();

async function openSecurity(page: Page): Promise<void> {
  await page.goto(`${instance.address}/settings/security`);
  await page.getByRole('heading', { name: 'E-mail address' }).waitFor();
}

async function leave(page: Page): Promise<void> {
  // An open page hears that its session ended and loads itself anew, which would cross the next step.
  await page.goto('about:blank');
  const headers = { origin: instance.address };
  await page.context().request.delete(`${instance.address}/api/v1/session`, { headers });
  await page.goto(instance.address);
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

describe('an address', () => {
  it('is confirmed by the link that the set-up had mailed, after a click', async () => {
    const link = /^http\S+\/confirm#\S+$/m.exec((await mailbox.next()).text)?.[0] ?? '';
    const { page, context, faults } = await openVisitor(browser);
    await page.goto(link);
    await page.getByRole('button', { name: 'Confirm the address' }).click();
    await page.getByRole('heading', { name: 'The address is confirmed' }).waitFor();
    await page.getByRole('link', { name: 'Go on' }).click();
    await signIn(page, instance, password);
    await waitInside(page);
    await openSecurity(page);
    await page.getByText('Confirmed: mail to it reaches you.').waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('a forgotten password', () => {
  it('is set anew by a mailed link, which opens the door by the new one only', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await page.goto(instance.address);
    await page.getByRole('textbox', { name: 'E-mail address' }).fill(owner.email);
    await page.getByRole('button', { name: 'Forgot the password?' }).click();
    expect(await page.getByRole('textbox', { name: 'E-mail address' }).inputValue()).toBe(owner.email);
    await page.getByRole('button', { name: 'Mail me a link' }).click();
    await page.getByText('a link is on its way').waitFor();
    const link = /^http\S+\/reset#\S+$/m.exec((await mailbox.next()).text)?.[0] ?? '';
    await page.goto(link);
    await page.getByRole('textbox', { name: 'New password' }).fill('short');
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByText('Take at least 10 characters.').waitFor();
    password = 'five other words in a row';
    await page.getByRole('textbox', { name: 'New password' }).fill(password);
    await page.getByRole('button', { name: 'Set the password' }).click();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, instance, password);
    await waitInside(page);
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('GitHub', () => {
  it('is connected on its own page, lets one in from then on, and leaves nothing of it in the browser', async () => {
    const { page, context, faults } = await openVisitor(browser);
    await signIn(page, instance, password);
    await waitInside(page);
    await openSecurity(page);
    await page.getByRole('button', { name: 'Connect GitHub' }).click();
    await chooseOcto(page);
    await page.getByRole('list', { name: 'GitHub accounts' }).getByText('octo').first().waitFor();
    await page.getByText('user:email').waitFor();
    await leave(page);
    await page.getByRole('button', { name: 'Sign in with GitHub' }).click();
    await chooseOcto(page);
    await waitInside(page);
    const tokens = github.granted.map(({ token }) => token);
    expect(tokens).toHaveLength(2);
    const seen = [
      await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])),
      await page.evaluate(async () => {
        const addresses = ['session', 'account/sign-in', 'me', 'me/sessions', 'workspace', 'people'];
        const answers = await Promise.all(addresses.map((address) => fetch(`/api/v1/${address}`)));
        return (await Promise.all(answers.map((answer) => answer.text()))).join('\n');
      }),
      JSON.stringify(await context.cookies()),
      await page.content(),
    ].join('\n');
    for (const token of tokens) expect(seen).not.toContain(token);
    expect(github.refused).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });

  async function chooseOcto(page: Page): Promise<void> {
    await page.waitForURL(/\/login\/oauth\/authorize/);
    await page.getByRole('button', { name: /octo/i }).first().click();
    await page.waitForURL((url) => url.origin === instance.address);
  }
});

describe('a passkey', () => {
  it('is added under Security, and opens the door without a name or a password', async () => {
    const { page, context, faults } = await openVisitor(browser);
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    await signIn(page, instance, password);
    await waitInside(page);
    await openSecurity(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await page.getByRole('list', { name: 'Passkeys' }).getByRole('heading', { name: 'Passkey' }).waitFor();
    await leave(page);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await waitInside(page);
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('two-factor sign-in', () => {
  it('is set up with an app, asked for at the door, and a recovery code does when the app is gone', async () => {
    const { page, context } = await openVisitor(browser);
    await signIn(page, instance, password);
    await waitInside(page);
    await openSecurity(page);
    await page.getByRole('button', { name: 'Set it up' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Your password' }).fill(password);
    await dialog.getByRole('button', { name: 'Go on' }).click();
    await dialog.getByRole('img', { name: /QR code/ }).waitFor();
    const secret = (await dialog.locator('.two-factor-key').innerText()).replaceAll(/\s/g, '');
    await dialog.getByRole('textbox', { name: 'Code' }).fill(showCode(secret));
    await dialog.getByRole('button', { name: 'Switch it on' }).click();
    const list = dialog.getByRole('list', { name: 'Recovery codes' });
    await list.waitFor();
    const codes = await list.getByRole('listitem').allInnerTexts();
    expect(codes).toHaveLength(10);
    await dialog.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 recovery codes are left.').waitFor();

    await leave(page);
    await signIn(page, instance, password);
    await page.getByRole('heading', { name: 'One more step' }).waitFor();
    await page.getByRole('textbox', { name: 'Code' }).fill('000000');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('That is not the code of this moment').waitFor();
    // The one of this moment switched it on; the next one is taken already.
    await page.getByRole('textbox', { name: 'Code' }).fill(showCode(secret, Date.now() + 30_000));
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await waitInside(page);

    await leave(page);
    await signIn(page, instance, password);
    await page.getByRole('textbox', { name: 'Code' }).fill(codes[0] ?? '');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await waitInside(page);
    await openSecurity(page);
    await page.getByText('9 recovery codes are left.').waitFor();
    await context.close();
  });
});
