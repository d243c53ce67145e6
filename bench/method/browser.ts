import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium } from 'playwright-core';
import type { Scope } from './scope.ts';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Where a Chromium is, or null. */
export function findChromium(): string | null {
  return places.find((place) => existsSync(place)) ?? null;
}

/** Chromium refuses its own sandbox to root. */
export const chromiumFlags: readonly string[] = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Starts a browser. */
export async function openBrowser(scope: Scope, executablePath: string): Promise<Browser> {
  const browser = await chromium.launch({ executablePath, args: [...chromiumFlags] });
  scope.defer(() => browser.close());
  return browser;
}

/** One thing that a page loaded. */
export interface Loaded {
  url: string;
  kind: string;
  /** Bytes that came over the wire, headers included. */
  transferred: number;
  /** What gzip makes of the content. */
  gzipped: number;
}

const idleMs = 1000;

/** Opens a page as somebody who was never there, and lists what it loads until nothing more comes. */
export async function loadPage(browser: Browser, page: { url: string; cookie: string | null }): Promise<Loaded[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  try {
    if (page.cookie !== null) {
      const [name = '', value = ''] = page.cookie.split('=');
      await context.addCookies([{ name, value, url: new URL(page.url).origin, httpOnly: true, sameSite: 'Strict' }]);
    }
    const tab = await context.newPage();
    const waiting: Promise<Loaded | null>[] = [];
    tab.on('response', (response) => {
      const load = async (): Promise<Loaded | null> => {
        const request = response.request();
        // The live channel never ends; it is no part of the first view.
        if ((response.headers()['content-type'] ?? '').startsWith('text/event-stream')) return null;
        await response.finished();
        const sizes = await request.sizes();
        const body = await response.body().catch(() => Buffer.alloc(0));
        return {
          url: response.url(),
          kind: request.resourceType(),
          transferred: sizes.responseBodySize + sizes.responseHeadersSize,
          gzipped: gzipSync(body, { level: 9 }).length,
        };
      };
      waiting.push(load().catch(() => null));
    });
    await tab.goto(page.url, { waitUntil: 'load' });
    for (let seen = -1; seen !== waiting.length;) {
      seen = waiting.length;
      await tab.waitForTimeout(idleMs);
    }
    const loaded = await Promise.all(waiting);
    return loaded.filter((one) => one !== null);
  } finally {
    await context.close();
  }
}
