import type { Page } from 'playwright-core';
import type { GithubCounterpart } from '../github/open-github.ts';
import type { Instance } from './open-instance.ts';

type GithubApp = ReturnType<GithubCounterpart['registerApp']>['app'];

/** What an instance is told of GitHub's counterpart. */
export function settingsOf(github: GithubCounterpart): Record<string, string> {
  return {
    GITHUB_BASE_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_CLIENT_ID: github.client.id,
    GITHUB_CLIENT_SECRET: github.client.secret,
  };
}

/** Through GitHub's page and back, up to the page on which repositories are chosen; answers the id of the connection. */
export async function connectGithub(page: Page, instance: Instance): Promise<string> {
  await page.goto(`${instance.address}/settings/connections`);
  await page.getByRole('button', { name: 'Connect on GitHub’s page' }).click();
  await page.getByRole('button', { name: 'Go on to GitHub' }).click();
  await page.getByText(/^Connected as /).waitFor();
  await page.getByRole('link', { name: 'Choose repositories' }).click();
  await page.waitForURL(/\/settings\/connections\/[\da-f-]{36}$/);
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Ticks these in the list that is on screen, and has them read. */
export async function watchRepositories(page: Page, names: readonly string[]): Promise<void> {
  for (const name of names) await page.getByRole('checkbox', { name: `Choose ${name}`, exact: true }).check();
  await page.getByRole('button', { name: /^Watch \d+ repositor/ }).click();
  await page.getByText(/watched from now on/).waitFor();
}

/** An App that is there already, whose webhook delivers to this instance, pasted by its id and key. */
export async function pasteApp(page: Page, instance: Instance, github: GithubCounterpart): Promise<GithubApp> {
  const { app } = github.registerApp(github.signIn.user ?? 'nobody', {
    name: 'Harbour watch',
    url: instance.address,
    hook_attributes: { url: `${instance.address}/webhooks/github` },
    default_permissions: { metadata: 'read', contents: 'read', pull_requests: 'read', issues: 'read' },
    default_events: ['push', 'pull_request'],
  });
  await page.goto(`${instance.address}/settings/connections`);
  await page.getByRole('button', { name: 'Set up the App' }).click();
  await page.getByRole('button', { name: 'Paste an App' }).click();
  const dialog = page.getByRole('dialog', { name: 'Paste an App' });
  await dialog.getByLabel('App ID').fill(String(app.id));
  await dialog.getByLabel('Webhook secret').fill(app.webhookSecret ?? '');
  await dialog.getByLabel('Private key').fill(app.pem);
  await dialog.getByRole('button', { name: 'Set it up' }).click();
  await page.getByRole('heading', { name: 'The GitHub App of this instance' }).waitFor();
  return app;
}

/** Where the App is installed is asked of GitHub; claiming leads to what the installation reaches. */
export async function claimInstallation(page: Page, login: string): Promise<void> {
  await page.getByRole('button', { name: 'Ask GitHub where it is installed' }).click();
  await page.getByRole('button', { name: `Claim it: ${login}` }).click();
  await page.getByRole('button', { name: 'List the repositories' }).click();
  await page.getByRole('table').waitFor();
}
