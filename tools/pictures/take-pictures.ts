// How a picture is taken: each state in every sight, once nothing moves any more.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openVisitor, type Sight } from '../../test/journeys/open-browser.ts';
import { ROOT } from '../root.ts';

export type Cookies = Awaited<ReturnType<Awaited<ReturnType<typeof openVisitor>>['context']['cookies']>>;

export const pictureFolder = path.join(ROOT, 'screenshots');
export const sights = ([1440, 390] as const).flatMap((width) =>
  (['light', 'dark'] as const).map((theme): Sight => ({ width, theme, reducedMotion: true })),
);
let taken = 0;

export function countTaken(): number {
  return taken;
}

export function emptyPictureFolder(): void {
  rmSync(pictureFolder, { recursive: true, force: true });
  mkdirSync(pictureFolder, { recursive: true });
}

export type Shoot = (name: string, whole?: boolean) => Promise<void>;
export type Context = Awaited<ReturnType<typeof openVisitor>>['context'];

export type Visit = (page: Page, shoot: Shoot, context: Context) => Promise<void>;

export async function each(browser: Browser, visit: Visit, cookies: Cookies = []): Promise<void> {
  for (const sight of sights) await see(browser, sight, cookies, visit);
}

export async function see(browser: Browser, sight: Sight, cookies: Cookies, visit: Visit): Promise<void> {
  const { page, context } = await openVisitor(browser, sight);
  await context.addCookies(cookies);
  const shoot: Shoot = async (name, whole = false) => {
    const file = `${name}-${sight.width}-${sight.theme}.png`;
    const viewport = page.viewportSize();
    // What is fixed to the foot of the window would lie over the middle of a whole page; so the window is made as high as it.
    if (whole && viewport !== null)
      await page.setViewportSize({ ...viewport, height: Math.max(viewport.height, await heightOf(page)) });
    await page.screenshot({ path: path.join(pictureFolder, file), animations: 'disabled' });
    if (whole && viewport !== null) await page.setViewportSize(viewport);
    taken += 1;
    process.stdout.write(`${file}\n`);
  };
  await visit(page, shoot, context);
  await context.close();
}

function heightOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollHeight);
}

/** Everything that was asked for has been answered, and nothing moves any more. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('main').getByRole('heading').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], .skeleton') === null, null, {
    timeout: 15_000,
  });
  await page.evaluate(async () => {
    await document.fonts.ready;
    await Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined)));
  });
}
