// `npm run screenshots`: pictures of every page and state, wide and on a phone, light and dark, from the same made-up
// histories as the tests. They go to screenshots/; `--readme` also renews the ones that the documentation shows.
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { writeCode } from '../test/journeys/code-folder.ts';
import { openBrowser, openVisitor } from '../test/journeys/open-browser.ts';
import { type Instance, openInstance } from '../test/journeys/open-instance.ts';
import { comeToSources, commitsFigure, introduceOneself, signIn } from '../test/journeys/set-up.ts';
import { buildWeb } from './build-web.ts';
import { takeGithub } from './pictures/take-github.ts';
import { takePeople } from './pictures/take-people.ts';
import {
  type Cookies,
  countTaken,
  each,
  emptyPictureFolder,
  pictureFolder,
  see,
  settle,
  sights,
} from './pictures/take-pictures.ts';
import { ROOT } from './root.ts';

await takeAll();
if (process.argv.includes('--readme')) renewReadme();
console.log(`${countTaken()} pictures in ${path.relative(process.cwd(), pictureFolder) || '.'}`);

async function takeAll(): Promise<void> {
  await buildWeb();
  emptyPictureFolder();
  const browser = await openBrowser();
  try {
    await takeFirstSteps(browser);
    await takeDemo(browser);
    await takePeople(browser);
    await takeGithub(browser);
  } finally {
    await browser.close();
  }
}

function renewReadme(): void {
  const pictures = path.join(ROOT, 'docs/pictures');
  mkdirSync(pictures, { recursive: true });
  for (const name of ['home-1440-light', 'home-1440-dark', 'receipt-1440-light', 'home-390-light'])
    copyFileSync(path.join(pictureFolder, `${name}.png`), path.join(pictures, `${name}.png`));
}

/** The door, the set-up and a board with nothing on it, and then what a person sees while something is broken. */
async function takeFirstSteps(browser: Browser): Promise<void> {
  const instance = await openInstance();
  try {
    await each(browser, async (page, shoot) => {
      await page.goto(instance.address);
      await page.getByText('owner link').waitFor();
      await shoot('door-needs-setup');
      await page.goto(instance.ownerLink ?? '');
      await page.getByLabel('Name', { exact: true }).waitFor();
      await shoot('setup-you');
    });
    const cookies = await setUpEmpty(browser, instance);
    await each(
      browser,
      async (page, shoot) => {
        await page.goto(`${instance.address}/setup`);
        await page.getByRole('heading', { name: 'A folder with git repositories' }).waitFor();
        await shoot('setup-source');
        for (const place of ['', 'sources', 'repositories']) {
          await page.goto(`${instance.address}/${place}`);
          await settle(page);
          await shoot(`${place || 'home'}-empty`);
        }
      },
      cookies,
    );
    await takeAuthors(browser, instance, cookies);
    await takeDoor(browser, instance);
    await takeFailing(browser, instance, cookies);
  } finally {
    await instance.stop();
  }
}

async function setUpEmpty(browser: Browser, instance: Instance): Promise<Cookies> {
  const { page, context } = await openVisitor(browser);
  await comeToSources(page, instance);
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

async function takeAuthors(browser: Browser, instance: Instance, cookies: Cookies): Promise<void> {
  const code = await writeCode(instance);
  const { page, context } = await openVisitor(browser);
  await context.addCookies(cookies);
  await page.goto(`${instance.address}/setup`);
  await page.getByRole('textbox', { name: 'Path' }).fill(code.path);
  await page.getByRole('button', { name: 'Add this folder' }).click();
  await page.getByRole('button', { name: /are me$|is me$/ }).waitFor();
  await context.close();
  await each(
    browser,
    async (other, shoot) => {
      await other.goto(`${instance.address}/setup`);
      await other.getByRole('button', { name: /are me$|is me$/ }).waitFor();
      await settle(other);
      await shoot('setup-authors');
    },
    cookies,
  );
  const last = await openVisitor(browser);
  await last.context.addCookies(cookies);
  await last.page.goto(`${instance.address}/setup`);
  await last.page.getByRole('button', { name: /are me$|is me$/ }).click();
  await commitsFigure(last.page, code.countOwn()).waitFor();
  await last.context.close();
}

async function takeDoor(browser: Browser, instance: Instance): Promise<void> {
  await each(browser, async (page, shoot) => {
    await signIn(page, instance, 'not the password');
    await page.getByText(/not the address and password|Too many/).waitFor();
    await shoot('door-wrong-password');
  });
}

/** The store is really stopped, the line really cut, the program really killed. */
async function takeFailing(browser: Browser, instance: Instance, cookies: Cookies): Promise<void> {
  await each(
    browser,
    async (page, shoot, context) => {
      await page.goto(instance.address);
      await commitsFigure(page).waitFor();
      await settle(page);
      await context.setOffline(true);
      await page.waitForTimeout(500);
      await shoot('home-offline');
      await context.setOffline(false);
    },
    cookies,
  );
  const postgres = Number(readFileSync(path.join(instance.folder, 'data/pg/postmaster.pid'), 'utf8').split('\n')[0]);
  await each(
    browser,
    async (page, shoot) => {
      await page.goto(instance.address);
      await commitsFigure(page).waitFor();
      stopTree(postgres, 'SIGSTOP');
      try {
        await askForAWeek(page);
        await page.waitForTimeout(9000);
        await shoot('home-failing');
      } finally {
        stopTree(postgres, 'SIGCONT');
      }
    },
    cookies,
  );
  await takeStopped(browser, instance, cookies);
}

/** The program ends while somebody looks at a board. */
async function takeStopped(browser: Browser, instance: Instance, cookies: Cookies): Promise<void> {
  const ended = Promise.withResolvers<void>();
  let waiting = sights.length;
  await Promise.all(
    sights.map((sight) =>
      see(browser, sight, cookies, async (page, shoot) => {
        await page.goto(instance.address);
        await commitsFigure(page).waitFor();
        waiting -= 1;
        if (waiting === 0) ended.resolve(instance.kill('SIGTERM'));
        await ended.promise;
        await askForAWeek(page);
        await page.waitForTimeout(6000);
        await shoot('program-stopped');
      }),
    ),
  );
}

/** As by the button Back: the page is not loaded anew. */
async function askForAWeek(page: Page): Promise<void> {
  await page.evaluate(() => {
    history.pushState({}, '', '/?range=week');
    dispatchEvent(new PopStateEvent('popstate'));
  });
}

/** PostgreSQL and the processes it serves its clients with. */
function stopTree(pid: number, signal: 'SIGSTOP' | 'SIGCONT'): void {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
  for (const one of [pid, ...children]) if (one > 1) process.kill(one, signal);
}

/** A year of a team, on every page. */
async function takeDemo(browser: Browser): Promise<void> {
  const instance = await openInstance(['--demo']);
  try {
    const { page, context } = await openVisitor(browser);
    await introduceOneself(page, instance);
    await commitsFigure(page).waitFor({ timeout: 180_000 });
    await page.waitForFunction(() => !document.body.innerText.includes('to be counted'), null, { timeout: 120_000 });
    const cookies = await context.cookies();
    await context.close();
    await each(
      browser,
      async (other, shoot) => {
        await other.goto(instance.address);
        await commitsFigure(other).waitFor();
        await settle(other);
        await shoot('home');
        await shoot('home-whole', true);
        await commitsFigure(other).click();
        await other.getByText('Ask for it yourself').waitFor();
        await settle(other);
        await shoot('receipt');
        for (const place of ['sources', 'repositories', 'settings', 'nowhere']) {
          await other.goto(`${instance.address}/${place}`);
          await settle(other);
          await shoot(place, true);
        }
      },
      cookies,
    );
  } finally {
    await instance.stop();
  }
}
