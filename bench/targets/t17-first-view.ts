import { findChromium, type Loaded, loadPage, openBrowser } from '../method/browser.ts';
import type { BenchContext, BenchTarget } from '../method/target.ts';
import { judgeCeiling, type Row, skipTarget } from '../method/verdict.ts';
import { findMissingScreens, openWebInstance } from '../method/web-instance.ts';

const title = 'Size of the first view';
const kibibyte = 1024;

/** T17: what a browser that was never here has to load. */
export const firstView: BenchTarget = { id: 'T17', title, run: measureFirstView };

async function measureFirstView(context: BenchContext): Promise<Row[]> {
  const missing = findMissingScreens();
  if (missing !== null) return [skipTarget('T17', title, missing)];
  const chromium = findChromium();
  if (chromium === null) return [skipTarget('T17', title, 'No Chromium is installed.')];
  const browser = await openBrowser(context.scope, chromium);
  const instance = await openWebInstance(context);
  context.say('the set-up page');
  const setUp = await loadPage(browser, { url: instance.setUpUrl, cookie: null });
  const cookie = await instance.own();
  context.say('the sign-in page and the dashboard');
  const signIn = await loadPage(browser, { url: `${instance.base}/sign-in`, cookie: null });
  const home = await loadPage(browser, { url: `${instance.base}/`, cookie });
  const { host } = new URL(instance.base);
  return [
    ...judgePage('Dashboard, signed in', home, { script: 120, style: 12, whole: 250, host }),
    ...judgePage('Sign-in page', signIn, { script: 15, style: 12, whole: 250, host }),
    ...judgePage('Set-up page', setUp, { script: 120, style: 12, whole: 250, host }),
  ];
}

/** Everything that came until the network was quiet counts, also what was loaded after the first paint. */
function judgePage(
  page: string,
  loaded: readonly Loaded[],
  limits: { script: number; style: number; whole: number; host: string },
): Row[] {
  const own = loaded.filter(({ url }) => !url.startsWith('data:'));
  const sum = (kinds: readonly string[] | null, of: 'gzipped' | 'transferred'): number =>
    own.filter(({ kind }) => kinds === null || kinds.includes(kind)).reduce((total, one) => total + one[of], 0) /
    kibibyte;
  const foreign = own.filter(({ url }) => new URL(url).host !== limits.host).length;
  const row = (what: string, value: number, limit: { atMost: number; unit: string }): Row => ({
    ...judgeCeiling({ target: 'T17', what: `${page}: ${what}`, baseline: 'none' }, [value], limit),
    spread: null,
  });
  const scripts = own.filter(({ kind }) => kind === 'script').toSorted((a, b) => b.gzipped - a.gzipped);
  const largest = scripts
    .slice(0, 5)
    .map(({ url, gzipped }) => `${new URL(url).pathname.split('/').at(-1) ?? ''} ${(gzipped / kibibyte).toFixed(1)}`)
    .join(', ');
  const explain = (judged: Row): Row =>
    judged.verdict === 'miss' ? { ...judged, why: `The largest scripts: ${largest} KiB.` } : judged;
  return [
    explain(row('JavaScript, gzip', sum(['script'], 'gzipped'), { atMost: limits.script, unit: 'KiB' })),
    row('CSS, gzip', sum(['stylesheet'], 'gzipped'), { atMost: limits.style, unit: 'KiB' }),
    row(
      `everything Chromium really transferred (JavaScript ${sum(['script'], 'transferred').toFixed(0)} KiB of it)`,
      sum(null, 'transferred'),
      { atMost: limits.whole, unit: 'KiB' },
    ),
    row('requests to anybody else', foreign, { atMost: 0, unit: 'requests' }),
  ];
}
