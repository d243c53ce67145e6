import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPairClient } from '@devpulse/server/devices/testing/pair-client';
import { findBarriers } from './find-barriers.ts';
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
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

const statusWith = async (token: string): Promise<number> =>
  (await fetch(`${instance.address}/api/v1/me`, { headers: { authorization: `Bearer ${token}` } })).status;

/** Once nothing moves any more: what fades in has a weaker contrast on its way. */
async function judge(): Promise<string[]> {
  await page.evaluate(() => Promise.all(document.getAnimations().map((each) => each.finished.catch(() => undefined))));
  return findBarriers(page);
}

const row = (list: string, name: string) =>
  page.getByRole('list', { name: list, exact: true }).getByRole('listitem').filter({ hasText: name });

describe('what programs sign in with', () => {
  it('is a token that is made in the browser, shown once, used, and revoked', async () => {
    await page.goto(`${instance.address}/settings/security`);
    await page.getByText('No token is in force.').waitFor();
    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog', { name: 'Make a token' });
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    await dialog.getByText('A token needs a name.').waitFor();
    expect(await judge(), 'the dialog').toEqual([]);
    await dialog.getByLabel('Name', { exact: true }).fill('build server');
    await dialog.getByLabel('Ends after').selectOption('30');
    await dialog.getByRole('button', { name: 'Make the token' }).click();
    await page.getByRole('heading', { name: 'Copy build server now' }).waitFor();
    expect(await judge(), 'the token that is shown once').toEqual([]);
    const token = (await page.getByText(/^dp_[0-9A-Za-z]{38}$/).textContent()) ?? '';
    expect(await statusWith(token)).toBe(200);
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.reload();
    await row('Tokens', 'build server').getByText('last used').waitFor();
    expect(await page.content()).not.toContain(token.slice(10));
    await row('Tokens', 'build server').getByRole('button', { name: 'Revoke build server' }).click();
    await page
      .getByRole('dialog', { name: 'Revoke build server?' })
      .getByRole('button', { name: 'Revoke', exact: true })
      .click();
    await page.getByText('1 token that has ended').waitFor();
    expect(await statusWith(token)).toBe(401);
  });

  it('is a device that shows a code, is approved, acts, and is refused once it is revoked', async () => {
    const client = openPairClient(instance.address);
    const started = await client.start({ name: 'Mira’s laptop', system: 'macOS 26', program: 'desktop 1.2' });
    await page.goto(started.verificationUriComplete);
    await page.getByText(started.userCode).waitFor();
    for (const words of ['Mira’s laptop', 'macOS 26', 'desktop 1.2', '127.0.0.1'])
      await page.getByRole('definition').filter({ hasText: words }).first().waitFor();
    expect(await judge(), 'the device that waits').toEqual([]);
    await page.getByLabel('Name it').fill('Work laptop');
    await page.getByRole('button', { name: 'Approve' }).click();
    await page.getByText('Approved', { exact: true }).waitFor();
    const { body: tokens } = await client.claim(started.deviceCode);
    expect(await statusWith(tokens.accessToken)).toBe(200);
    await page.getByRole('link', { name: 'See your devices' }).click();
    await row('Devices', 'Work laptop').getByRole('button', { name: 'Work laptop: menu' }).click();
    await page.getByRole('menuitem', { name: 'Revoke' }).click();
    await page
      .getByRole('dialog', { name: 'Revoke Work laptop?' })
      .getByRole('button', { name: 'Revoke', exact: true })
      .click();
    await page.getByText('No device is paired.').waitFor();
    expect(await statusWith(tokens.accessToken)).toBe(401);
    expect((await client.refresh(tokens.refreshToken)).status).toBe(401);
  });

  it('is a device that was not meant: a typed code, denied', async () => {
    const client = openPairClient(instance.address);
    const started = await client.start();
    await page.goto(`${instance.address}/pair`);
    await page.getByLabel('Code').fill('bbbbbbbb');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByText('No device waits behind this code').waitFor();
    await page.getByLabel('Code').fill(started.userCode.toLowerCase().replace('-', ''));
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.getByText('Denied', { exact: true }).waitFor();
    expect((await client.claim(started.deviceCode)).body.code).toBe('pairing_denied');
  });
});

describe('signing out everywhere else', () => {
  it('ends the other browser’s page by itself, and keeps this one', async () => {
    const other = await openVisitor(browser);
    await signIn(other.page);
    await page.goto(`${instance.address}/settings/security`);
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page
      .getByRole('dialog', { name: 'Sign out everywhere else?' })
      .getByRole('button', { name: 'Sign out everywhere else' })
      .click();
    await page.getByText('Signed out elsewhere: 1 session, 0 devices.').waitFor();
    await other.page
      .getByRole('button', { name: /sign in/i })
      .first()
      .waitFor();
    await page.reload();
    await page.getByText('This one').waitFor();
    expect(faults.filter((fault) => !/40[014]/.test(fault))).toEqual([]);
    await other.context.close();
  });
});

async function signIn(other: Page): Promise<void> {
  await other.goto(`${instance.address}/`);
  await other.getByLabel(/e-mail/i).fill(owner.email);
  await other.getByRole('textbox', { name: 'Password' }).fill(owner.password);
  await other.getByRole('button', { name: /^sign in$/i }).click();
  await other.getByRole('heading', { name: 'Home' }).or(other.getByText('A folder with git')).first().waitFor();
}
