// What GitHub brings: connecting, choosing repositories, the reading of their past, states that are not well, deliveries.
import type { Browser, Page } from 'playwright-core';
import { type GithubCounterpart, openGithub } from '../../test/github/open-github.ts';
import {
  claimInstallation,
  connectGithub,
  pasteApp,
  settingsOf,
  watchRepositories,
} from '../../test/journeys/connect-github.ts';
import { openVisitor } from '../../test/journeys/open-browser.ts';
import { type Instance, openInstance } from '../../test/journeys/open-instance.ts';
import { comeToSources } from '../../test/journeys/set-up.ts';
import { failWhatThePageAsks } from './take-people.ts';
import { type Cookies, each, settle } from './take-pictures.ts';

export async function takeGithub(browser: Browser): Promise<void> {
  const github = await openGithub({
    accounts: [
      { login: 'mira', email: 'mira@example.org' },
      { login: 'harbor', type: 'Organization', members: [{ account: 'mira', role: 'admin' }] },
    ],
    grow: { seed: 'pictures', repositories: 8, commits: 2_000, pulls: 120 },
  });
  github.signIn.user = github.account('mira');
  const instance = await openInstance([], settingsOf(github));
  try {
    const { page, context } = await openVisitor(browser);
    await comeToSources(page, instance);
    const cookies = await context.cookies();
    await takePlaces(
      browser,
      { instance, cookies },
      { connections: 'settings/connections', deliveries: 'workspace/deliveries' },
      'empty',
    );
    await takeDialogs(browser, instance, cookies);
    const scene = { instance, github, page, cookies };
    const place = await takeFilled(browser, scene);
    await takeLost(browser, scene);
    await takeDeliveries(browser, scene);
    await takeThrottled(browser, scene, place);
    await takeFailing(browser, scene);
    await context.close();
  } finally {
    await instance.stop();
    await github.close();
  }
}

interface Scene {
  instance: Instance;
  github: GithubCounterpart;
  page: Page;
  cookies: Cookies;
}

type Seen = Pick<Scene, 'instance' | 'cookies'>;

const connectionPlaces = { connections: 'settings/connections', sources: 'sources' };

async function takePlaces(
  browser: Browser,
  { instance, cookies }: Seen,
  places: Record<string, string>,
  state: string,
): Promise<void> {
  await each(
    browser,
    async (page, shoot) => {
      for (const [name, place] of Object.entries(places)) {
        await page.goto(`${instance.address}/${place}`);
        await settle(page);
        await shoot(`${name}-${state}`, true);
      }
    },
    cookies,
  );
}

const questions = [
  ['grant', 'Connect on GitHub’s page'],
  ['token', 'Paste a token'],
  ['app', 'Set up the App'],
] as const;

async function takeDialogs(browser: Browser, instance: Instance, cookies: Cookies): Promise<void> {
  await each(
    browser,
    async (page, shoot) => {
      for (const [name, button] of questions) {
        await page.goto(`${instance.address}/settings/connections`);
        await settle(page);
        await page.getByRole('button', { name: button }).click();
        await page.getByRole('dialog').waitFor();
        await settle(page);
        await shoot(`dialog-connect-${name}`);
      }
    },
    cookies,
  );
}

/** Answers where the page of one source is. */
async function takeFilled(browser: Browser, { instance, page, cookies }: Scene): Promise<string> {
  const id = await connectGithub(page, instance);
  await page.getByRole('button', { name: 'List the repositories' }).click();
  await page.getByRole('table').waitFor();
  await takeChoosing(browser, instance, cookies, id);
  await watchRepositories(page, ['harbor/harbor-web', 'harbor/harbor-api']);
  await takePlaces(
    browser,
    { instance, cookies },
    { connection: `settings/connections/${id}`, sources: 'sources' },
    'reading',
  );
  await page.goto(`${instance.address}/sources`);
  const source = await page.getByRole('link', { name: 'harbor/harbor-web', exact: true }).last().getAttribute('href');
  const place = (source ?? '').slice(1);
  await takePlaces(browser, { instance, cookies }, { source: place }, 'reading');
  await page.goto(`${instance.address}/${place}`);
  await page.getByRole('button', { name: /^Count/ }).click();
  await page.getByText(/requests and points/).waitFor();
  await page.getByText(/^In step as of/).waitFor({ timeout: 180_000 });
  const places = {
    source: place,
    connections: 'settings/connections',
    connection: `settings/connections/${id}`,
    sources: 'sources',
  };
  await takePlaces(browser, { instance, cookies }, places, 'filled');
  return place;
}

async function takeChoosing(browser: Browser, instance: Instance, cookies: Cookies, id: string): Promise<void> {
  await each(
    browser,
    async (page, shoot) => {
      await page.goto(`${instance.address}/settings/connections/${id}`);
      await settle(page);
      await page.getByRole('checkbox', { name: 'Choose harbor/harbor-api', exact: true }).check();
      await page.getByRole('checkbox', { name: 'Choose harbor/harbor-web', exact: true }).check();
      await shoot('connection-choosing', true);
    },
    cookies,
  );
}

/** The grant is taken back at GitHub, and given again. */
async function takeLost(browser: Browser, { instance, github, page, cookies }: Scene): Promise<void> {
  github.refuseAllTokens(true);
  await page.goto(`${instance.address}/settings/connections`);
  await page.getByRole('button', { name: 'Check now: mira' }).click();
  await page.getByText('Not accepted').waitFor();
  await takePlaces(browser, { instance, cookies }, connectionPlaces, 'lost');
  github.refuseAllTokens(false);
  await page.getByRole('button', { name: 'Reconnect: mira' }).click();
  await page.getByText(/^Connected as mira/).waitFor();
}

/** Deliveries by the webhook of an App, one of them twice. */
async function takeDeliveries(browser: Browser, { instance, github, page, cookies }: Scene): Promise<void> {
  const app = await pasteApp(page, instance, github);
  github.install(app, 'harbor');
  await claimInstallation(page, 'harbor');
  await watchRepositories(page, ['harbor/harbor-docs']);
  await page.getByText('1 repository in step with GitHub.').waitFor({ timeout: 120_000 });
  const author = { name: 'Mira Solano', email: 'mira@example.org' };
  for (const message of ['Say where the anchors are', 'Count the buoys', 'Name the lights'])
    github.act.push({ repository: 'harbor/harbor-docs', by: 'mira', commits: [{ message, author }] });
  await github.office.settled();
  await takePlaces(
    browser,
    { instance, cookies },
    { connections: 'settings/connections', deliveries: 'workspace/deliveries' },
    'app',
  );
  await each(
    browser,
    async (other, shoot) => {
      await other.goto(`${instance.address}/workspace/deliveries`);
      await other.getByRole('button', { name: 'push', exact: true }).first().click();
      await other.getByRole('complementary', { name: 'Delivery' }).getByText('Read it again').waitFor();
      await settle(other);
      await shoot('delivery');
    },
    cookies,
  );
}

/** Nothing is left of the limit: what was read stays, and everybody is told until when. */
async function takeThrottled(
  browser: Browser,
  { instance, github, page, cookies }: Scene,
  place: string,
): Promise<void> {
  github.limits.set('mira', { remaining: 0, resetIn: 1_800 });
  await page.goto(`${instance.address}/${place}`);
  await page.getByRole('button', { name: /^Check now/ }).click();
  await page
    .getByText(/^Throttled until \d/)
    .first()
    .waitFor();
  await takePlaces(browser, { instance, cookies }, { ...connectionPlaces, source: place }, 'throttled');
}

async function takeFailing(browser: Browser, { instance, cookies }: Seen): Promise<void> {
  await each(
    browser,
    async (page, shoot) => {
      for (const place of ['settings/connections', 'workspace/deliveries']) {
        await failWhatThePageAsks(page);
        await page.goto(`${instance.address}/${place}`);
        await settle(page);
        await shoot(`${place.replace('/', '-')}-failing`, true);
        await page.unrouteAll();
      }
    },
    cookies,
  );
}
