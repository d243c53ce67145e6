import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Where Debian and its kin put Chromium; another place is named by CHROMIUM. */
const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser that is there. */
function findChromium(): string {
  const found = places.find((place) => place !== undefined && existsSync(place));
  if (found === undefined)
    throw new Error('there is no Chromium on this machine; install it (Debian: apt-get install chromium)');
  return found;
}

/** Starts a browser that talks to nobody but the pages it is shown. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      // As root, which is what containers and many CI machines are, Chromium refuses to run otherwise.
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-quic',
      '--font-render-hinting=none',
    ],
  });
}

/** How a visitor sees the page. */
export interface Sight {
  width?: number;
  height?: number;
  theme?: 'light' | 'dark';
  zone?: string;
  reducedMotion?: boolean;
}

/** A visitor of its own, with its own cookies. Everything the page complains of is kept in `faults`. */
export async function openVisitor(
  browser: Browser,
  sight: Sight = {},
): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
  const width = sight.width ?? 1440;
  const context = await browser.newContext({
    viewport: { width, height: sight.height ?? (width < 640 ? 844 : 1000) },
    colorScheme: sight.theme ?? 'light',
    timezoneId: sight.zone ?? 'Europe/Lisbon',
    locale: 'en-GB',
    reducedMotion: sight.reducedMotion === true ? 'reduce' : 'no-preference',
    hasTouch: width < 640,
  });
  context.setDefaultTimeout(20_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`);
  });
  return { context, page, faults };
}
