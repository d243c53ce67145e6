import { findChromium } from '../method/browser.ts';
import { type Audit, auditPage, findLighthouseFault } from '../method/lighthouse.ts';
import { divideRounds } from '../method/rounds.ts';
import { median, spreadOf } from '../method/statistics.ts';
import { type BenchContext, type BenchTarget, bySize } from '../method/target.ts';
import { judgeCeiling, judgeRatio, type Row, skipTarget } from '../method/verdict.ts';
import { findMissingScreens, openWebInstance } from '../method/web-instance.ts';

const title = 'Lighthouse';

/** T18: what Lighthouse thinks of the first pages. */
export const lighthouse: BenchTarget = { id: 'T18', title, run: measureLighthouse };

async function measureLighthouse(context: BenchContext): Promise<Row[]> {
  const missing = findMissingScreens() ?? (findChromium() === null ? 'No Chromium is installed.' : null);
  const fault = missing ?? (await findLighthouseFault(context.scope));
  if (fault !== null) return [skipTarget('T18', title, fault)];
  const instance = await openWebInstance(context);
  // A page of the same server that needs no script: the reference of the API.
  const stillUrl = `${instance.base}/docs`;
  // It is drawn for the first who asks.
  await (await fetch(stillUrl)).arrayBuffer();
  const still: Audit[] = [];
  const times = bySize(context, { quick: 3, default: context.rounds });
  for (let round = 0; round < times; round += 1) {
    context.say(`a static page ${round + 1}/${times}`);
    still.push(await auditPage(context.scope, { url: stillUrl, cookie: null, form: 'mobile' }));
  }
  const auditForms = async (page: string, url: string, cookie: string | null): Promise<Row[]> => {
    try {
      return [
        ...judgePage(page, 'mobile', await auditTimes(context, { page, url, cookie, form: 'mobile', times }), still),
        ...judgePage(
          page,
          'desktop',
          await auditTimes(context, { page, url, cookie, form: 'desktop', times: 3 }),
          null,
        ),
      ];
    } catch (error) {
      // The figures of the other pages are true all the same.
      return [skipTarget('T18', page, (error as Error).message)];
    }
  };
  const rows = await auditForms('Set-up', instance.setUpUrl, null);
  const cookie = await instance.own();
  rows.push(...(await auditForms('Sign-in', `${instance.base}/sign-in`, null)));
  rows.push(...(await auditForms('Dashboard', `${instance.base}/`, cookie)));
  return rows;
}

interface Page {
  page: string;
  url: string;
  cookie: string | null;
  form: 'desktop' | 'mobile';
  times: number;
}

async function auditTimes(context: BenchContext, page: Page): Promise<Audit[]> {
  const audits: Audit[] = [];
  for (let count = 0; count < page.times; count += 1) {
    context.say(`${page.page}, ${page.form} ${count + 1}/${page.times}`);
    audits.push(await auditPage(context.scope, page));
  }
  return audits;
}

function judgePage(
  page: string,
  form: 'desktop' | 'mobile',
  audits: readonly Audit[],
  still: readonly Audit[] | null,
): Row[] {
  const name = `${page}, ${form}`;
  const values = (of: keyof Audit): number[] => audits.map((audit) => audit[of]);
  const ceiling = (what: string, of: keyof Audit, limit: { atMost: number; unit: string }): Row =>
    judgeCeiling(
      { target: 'T18', what: `${name}: ${what}`, baseline: 'none', samples: { [of]: values(of) } },
      values(of),
      limit,
    );
  const rows = [
    judgeScores(name, audits, form === 'mobile' ? 95 : 100),
    ceiling('total blocking time', 'tbt', { atMost: 50, unit: 'ms' }),
    ceiling('layout shift', 'cls', { atMost: 0, unit: '' }),
  ];
  if (still === null) return rows;
  const lcp = values('lcp');
  const baseline = still.map((audit) => audit.lcp).slice(0, lcp.length);
  return [
    ...rows,
    judgeRatio(
      {
        target: 'T18',
        what: `${name}: largest contentful paint`,
        baseline: 'a static page of the same server, audited in the same run',
        samples: { lcp, still: baseline },
      },
      divideRounds(lcp, baseline),
      { atMost: 1.5 },
    ),
  ];
}

function judgeScores(name: string, audits: readonly Audit[], performance: number): Row {
  const score = (of: keyof Audit): number => median(audits.map((audit) => audit[of]));
  const scores = {
    performance: score('performance'),
    accessibility: score('accessibility'),
    bestPractices: score('bestPractices'),
    seo: score('seo'),
  };
  const holds =
    scores.performance >= performance &&
    scores.accessibility === 100 &&
    scores.bestPractices === 100 &&
    scores.seo === 100;
  return {
    target: 'T18',
    what: `${name}: performance, accessibility, best practices, SEO`,
    wanted: `≥ ${performance}, 100, 100, 100`,
    figure: `${scores.performance}, ${scores.accessibility}, ${scores.bestPractices}, ${scores.seo}`,
    value: scores.performance,
    spread: spreadOf(audits.map((audit) => audit.performance)),
    verdict: Number.isNaN(scores.performance) ? 'void' : holds ? 'pass' : 'miss',
    baseline: 'none',
    samples: { performance: audits.map((audit) => audit.performance) },
  };
}
