// The pages about people, workspaces and trust: empty, with a team in them, failing, and as a member who may not.
import type { Browser, Page } from 'playwright-core';
import { openVisitor } from '../../test/journeys/open-browser.ts';
import { type Instance, openInstance } from '../../test/journeys/open-instance.ts';
import { comeToSources, owner } from '../../test/journeys/set-up.ts';
import { askDialogs } from './ask-dialogs.ts';
import { type Cookies, each, settle } from './take-pictures.ts';

const ofWorkspace = ['general', 'people', 'invitations', 'teams', 'calendar', 'audit'].map((one) => `workspace/${one}`);
const ofPerson = ['profile', 'security', 'privacy', 'data'].map((one) => `settings/${one}`);
const places = {
  personal: ['workspace/general', 'workspace/people', 'workspace/invitations'],
  empty: [...ofWorkspace.slice(1), 'settings/profile', 'settings/security', 'settings/data'],
  filled: [...ofWorkspace, 'workspace/new', ...ofPerson, 'pair'],
  failing: [...ofWorkspace, ...ofPerson],
  denied: ofWorkspace,
};

export async function takePeople(browser: Browser): Promise<void> {
  const instance = await openInstance();
  try {
    const { page, context } = await openVisitor(browser);
    await comeToSources(page, instance);
    const cookies = await context.cookies();
    await takePlaces(browser, instance, { cookies, state: 'personal' });
    await send(page, 'POST', '/workspace/team', { name: 'Rocket Team' });
    await takePlaces(browser, instance, { cookies, state: 'empty' });
    const member = await fill(browser, instance, page);
    await takePlaces(browser, instance, { cookies, state: 'filled' });
    await takeTeam(browser, instance, cookies);
    await askDialogs(browser, instance, cookies);
    await takePlaces(browser, instance, { cookies, state: 'failing' });
    await takePlaces(browser, instance, { cookies: member, state: 'denied' });
    await takeStrangers(browser, instance, page);
    await context.close();
  } finally {
    await instance.stop();
  }
}

interface Seen {
  cookies: Cookies;
  state: keyof typeof places;
}

async function takePlaces(browser: Browser, instance: Instance, { cookies, state }: Seen): Promise<void> {
  await each(
    browser,
    async (page, shoot) => {
      for (const place of places[state]) {
        if (state === 'failing') await failWhatThePageAsks(page);
        await page.goto(`${instance.address}/${place}`);
        await settle(page);
        // The menus at the foot of the side bar come after everything else.
        await page.waitForFunction(() => document.querySelector('.side-person span.btn') === null);
        await shoot(`${place.replace('/', '-')}-${state}`, true);
        await page.unrouteAll();
      }
    },
    cookies,
  );
}

/** What the frame needs is answered; everything of the page itself ends in a fault of the server. */
export async function failWhatThePageAsks(page: Page): Promise<void> {
  const needed = /^\/api\/v1\/(session|me|workspace|sources|demo|people|live|stream)$/;
  await page.route('**/api/v1/**', async (route) => {
    if (needed.test(new URL(route.request().url()).pathname)) return route.continue();
    return route.fulfill({
      status: 500,
      contentType: 'application/problem+json',
      body: JSON.stringify({
        type: 'about:blank',
        title: 'Something went wrong',
        status: 500,
        code: 'internal',
        detail: 'Something went wrong on our side.',
        retry: false,
      }),
    });
  });
}

/** Two people more, a team, holidays, a token, a device and an open invitation. The member's cookies are given back. */
async function fill(browser: Browser, instance: Instance, page: Page): Promise<Cookies> {
  await join(browser, instance, page, { name: 'Maximiliane Bergengruen-Oppenheimer', role: 'manager' });
  const member = await join(browser, instance, page, { name: 'Ben Holm', role: 'member' });
  await send(page, 'POST', '/invitations', { kind: 'link', role: 'admin' });
  const { people } = (await send(page, 'GET', '/people?limit=10')) as { people: { id: string; name: string }[] };
  const { id: team } = await send(page, 'POST', '/teams', { name: 'Lighthouse' });
  for (const { id, name } of people)
    await send(page, 'POST', `/teams/${String(team)}/stays`, {
      personId: id,
      duty: name.startsWith('Max') ? 'manager' : 'member',
    });
  await send(page, 'POST', '/calendar/holidays', { holidays: [{ day: '2030-12-25', name: 'Christmas Day' }] });
  await send(page, 'POST', '/me/holidays', { holidays: [{ day: '2030-08-12', name: 'By the sea' }] });
  await send(page, 'PATCH', '/me/profile', { bio: 'Builds **clocks**, mostly in TypeScript.' });
  await send(page, 'POST', '/me/tokens', { name: 'studio, nightly report', scopes: ['read'], expiresInDays: 90 });
  await send(page, 'POST', '/exports', { scope: 'mine' });
  const { userCode, deviceCode } = await send(page, 'POST', '/devices/pairings', {
    name: 'studio',
    system: 'Debian 13',
  });
  await send(page, 'POST', '/devices/pairings/approve', { userCode });
  await send(page, 'POST', '/devices/tokens', { deviceCode });
  return member;
}

async function join(
  browser: Browser,
  instance: Instance,
  host: Page,
  { name, role }: { name: string; role: string },
): Promise<Cookies> {
  const { link } = await send(host, 'POST', '/invitations', { kind: 'link', role });
  const { page, context } = await openVisitor(browser);
  await page.goto(`${instance.address}/sign-in`);
  const email = `${name.split(' ')[0]?.toLowerCase() ?? ''}@example.org`;
  const secret = new URL(String(link)).hash.slice(1);
  await send(page, 'POST', '/invitations/sign-up', { secret, name, email, password: owner.password });
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

async function takeTeam(browser: Browser, instance: Instance, cookies: Cookies): Promise<void> {
  await each(
    browser,
    async (page, shoot) => {
      await page.goto(`${instance.address}/workspace/teams`);
      await page.getByText('Lighthouse').first().click();
      await page.getByRole('table', { name: 'Managers' }).waitFor();
      await settle(page);
      await shoot('workspace-team', true);
    },
    cookies,
  );
}

/** What whoever is not signed in sees of it. */
async function takeStrangers(browser: Browser, instance: Instance, host: Page): Promise<void> {
  const { link } = await send(host, 'POST', '/invitations', { kind: 'link', role: 'member' });
  await each(browser, async (page, shoot) => {
    await page.goto(String(link));
    await page.getByRole('heading', { name: 'Join Rocket Team' }).waitFor();
    await shoot('join', true);
    await page.goto('about:blank');
    await page.goto(`${instance.address}/join#${'A'.repeat(43)}`);
    await page.getByRole('heading').first().waitFor();
    await page.waitForTimeout(500);
    await shoot('join-gone', true);
    await page.goto(`${instance.address}/sign-in`);
    await page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
    await shoot('door');
    await page.getByText('Forgot the password?').click();
    await page.getByRole('heading', { name: 'Forgotten password' }).waitFor();
    await shoot('door-forgotten');
  });
}

/** Asks the API as the page itself would, with its cookie. */
async function send(page: Page, method: string, where: string, body?: object): Promise<Record<string, unknown>> {
  const answer = await page.evaluate(
    async ([how, address, what]) => {
      const response = await fetch(`/api/v1${address}`, {
        method: how,
        ...(what === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(what) }),
      });
      return { status: response.status, body: (await response.json().catch(() => ({}))) as Record<string, unknown> };
    },
    [method, where, body] as const,
  );
  if (answer.status >= 300) throw new Error(`${method} ${where}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}
