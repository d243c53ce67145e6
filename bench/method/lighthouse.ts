import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { chromiumFlags, findChromium } from './browser.ts';
import type { Scope } from './scope.ts';

const version = '13.5.0';

/** What is taken from a Lighthouse report: scores from 0 to 100, times in milliseconds. */
export interface Audit {
  performance: number;
  accessibility: number;
  bestPractices: number;
  seo: number;
  lcp: number;
  tbt: number;
  cls: number;
}

/** Why Lighthouse cannot be run here, or null when it can. It is no dependency: npx fetches it once. */
export async function findLighthouseFault(scope: Scope): Promise<string | null> {
  const { code, said } = await runNpx(scope, ['--version']);
  return code === 0 && said.trim() === version
    ? null
    : `Lighthouse ${version} could not be fetched by npx: ${said.trim().split('\n').at(-1) ?? ''}`;
}

const attemptsMax = 3;

/** Audits a page once. What Lighthouse calls a fault of its own recording ("please run Lighthouse again") is tried again. */
export async function auditPage(
  scope: Scope,
  page: { url: string; cookie: string | null; form: 'desktop' | 'mobile' },
): Promise<Audit> {
  for (let attempt = 1; ; attempt += 1) {
    const { code, said } = await runNpx(scope, argumentsFor(page));
    if (code === 0) return readReport(said);
    const fault = /Runtime error encountered: (.*)/.exec(said)?.[1] ?? said.slice(-300);
    if (attempt === attemptsMax) throw new Error(`Lighthouse failed ${attemptsMax} times, at last: ${fault}`);
  }
}

function argumentsFor(page: { url: string; cookie: string | null; form: 'desktop' | 'mobile' }): string[] {
  const flags = ['--headless=new', ...chromiumFlags].join(' ');
  return [
    page.url,
    '--output=json',
    '--quiet',
    `--chrome-flags=${flags}`,
    ...(page.form === 'desktop' ? ['--preset=desktop'] : []),
    ...(page.cookie === null ? [] : [`--extra-headers=${JSON.stringify({ Cookie: page.cookie })}`]),
  ];
}

interface Report {
  runtimeError?: { message: string };
  categories: Record<string, { score: number | null }>;
  audits: Record<string, { numericValue?: number }>;
}

function readReport(said: string): Audit {
  const report = JSON.parse(said) as Report;
  if (report.runtimeError !== undefined) throw new Error(report.runtimeError.message);
  const score = (name: string): number => Math.round((report.categories[name]?.score ?? Number.NaN) * 100);
  const figure = (name: string): number => report.audits[name]?.numericValue ?? Number.NaN;
  return {
    performance: score('performance'),
    accessibility: score('accessibility'),
    bestPractices: score('best-practices'),
    seo: score('seo'),
    lcp: figure('largest-contentful-paint'),
    tbt: figure('total-blocking-time'),
    cls: figure('cumulative-layout-shift'),
  };
}

async function runNpx(scope: Scope, args: string[]): Promise<{ code: number | null; said: string }> {
  // Left to itself it takes whatever browser it finds first, which may be another one than the other targets use.
  const browser = `CHROME_PATH=${findChromium() ?? ''}`;
  const child = spawn('env', [browser, 'npx', '--yes', `lighthouse@${version}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  scope.defer(() => child.kill('SIGTERM'));
  const failed = new Promise<[null]>((resolve) => child.once('error', () => resolve([null])));
  const [said, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    Promise.race([once(child, 'close') as Promise<[number | null]>, failed]),
  ]);
  return { code, said: code === 0 ? said : `${said}${errors}` };
}
