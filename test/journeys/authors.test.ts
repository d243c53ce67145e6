import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser, openVisitor } from './open-browser.ts';
import { type Instance, openInstance } from './open-instance.ts';
import { comeToSources, owner } from './set-up.ts';

let browser: Browser;
let instance: Instance;

beforeAll(async () => {
  browser = await openBrowser();
  instance = await openInstance();
});
afterAll(async () => {
  await browser.close();
  await instance.stop();
});

/** A repository in which these people wrote a commit each; git believes the first one to be at the keyboard. */
function writeHistory(authors: readonly (readonly [string, string])[]): string {
  const folder = path.join(instance.folder, 'code');
  const place = path.join(folder, 'lighthouse');
  const git = (args: string[], env: Record<string, string> = {}): void =>
    void execFileSync('git', args, { env: { PATH: process.env['PATH'] ?? '', HOME: instance.folder, ...env } });
  git(['init', '--quiet', '--initial-branch=main', place]);
  const [first = ['', '']] = authors;
  git(['-C', place, 'config', 'user.name', first[0]]);
  git(['-C', place, 'config', 'user.email', first[1]]);
  for (const [name, email] of authors)
    git(['-C', place, 'commit', '--quiet', '--allow-empty', '-m', `By ${name}`], {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
    });
  return folder;
}

async function choose(page: Page, author: string, act: string): Promise<void> {
  await page.getByRole('button', { name: `${author}: menu` }).click();
  await page.getByRole('menuitem', { name: act }).click();
}

describe('authors', () => {
  it('are said to be somebody or a machine, and everything can be taken back', async () => {
    const { page, faults } = await openVisitor(browser);
    await comeToSources(page, instance);
    const folder = writeHistory([
      [owner.name, owner.email],
      [owner.name, 'mira@work.example'],
      ['Ravi Anand', 'ravi@example.org'],
      ['nightly', 'nightly@builds.example'],
    ]);
    await page.getByRole('textbox', { name: 'Path' }).fill(folder);
    await page.getByRole('button', { name: 'Add this folder' }).click();
    await page.getByRole('button', { name: /are me$|is me$/ }).waitFor();
    // The other address is left for the page itself.
    await page.getByRole('checkbox', { name: /mira@work/ }).uncheck();
    await page.getByRole('button', { name: 'This is me' }).click();
    await page.waitForURL(`${instance.address}/`);
    await page.goto(`${instance.address}/workspace/authors`);

    const pair = page.getByRole('group', { name: /the same person\?$/ });
    await pair.getByText('They have the same full name').waitFor();
    await pair.getByRole('button', { name: 'Same person' }).click();
    await page.getByRole('radio', { name: 'Members’ 2' }).check();
    await page
      .getByRole('row', { name: /mira@work\.example/ })
      .getByText('You')
      .waitFor();

    await page.getByRole('radio', { name: 'Nobody’s yet 2' }).check();
    await choose(page, 'Ravi Anand', 'This is me');
    await page.getByText('Ravi Anand is you now.').locator('..').getByRole('button', { name: 'Undo' }).click();
    await page.getByText(/^Taken back\.$/).waitFor();
    await page.getByRole('row', { name: /Ravi Anand/ }).waitFor();
    await page.getByText(/said so of themselves\. Taken back on/).waitFor();

    await choose(page, 'nightly', 'Person or machine…');
    await page.getByRole('radio', { name: 'Automation' }).check();
    await page.getByRole('textbox', { name: 'Why' }).fill('builds every night');
    await page.getByRole('button', { name: 'Decide' }).click();
    await page.getByRole('radio', { name: 'Machines 1' }).check();
    await page.getByText('Automation: somebody decided, “builds every night”').waitFor();
    expect(new URL(page.url()).searchParams.get('of')).toBe('machines');
    await choose(page, 'nightly', 'Person or machine…');
    await page.getByRole('button', { name: 'Let the rules decide' }).click();
    await page.getByText('No machines were seen.').waitFor();
    expect(faults).toEqual([]);
  });

  it('that are one’s own are all that a plain member sees', async () => {
    const { page: running } = await openVisitor(browser);
    await running.goto(`${instance.address}/`);
    await running.getByRole('textbox', { name: 'E-mail address' }).fill(owner.email);
    await running.getByRole('textbox', { name: 'Password' }).fill(owner.password);
    await running.getByRole('button', { name: 'Sign in', exact: true }).click();
    await running.getByRole('button', { name: /switch the workspace/ }).waitFor();
    const invite = await running.evaluate(async () => {
      const ask = (url: string, body: object): Promise<Response> =>
        fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
      await ask('/api/v1/workspace/team', { name: 'Lighthouse' });
      const answer = await ask('/api/v1/invitations', { kind: 'link', role: 'member' });
      return (await answer.json()) as { link: string };
    });
    const { page, faults } = await openVisitor(browser, { width: 390, theme: 'dark' });
    await page.goto(invite.link);
    await page.getByLabel('Name').fill('Ravi Anand');
    await page.getByRole('textbox', { name: 'E-mail address' }).fill('ravi@example.org');
    await page.getByRole('textbox', { name: 'Password' }).fill('another long password');
    await page.getByRole('button', { name: 'Make an account and join' }).click();
    await page.waitForURL(`${instance.address}/`);
    await page.goto(`${instance.address}/workspace/authors`);
    await page.getByText('No author is known to be you.').waitFor();
    await page.getByRole('link', { name: 'connect it' }).waitFor();
    expect(await page.getByRole('radio').count()).toBe(0);
    const [current] = await page.getByRole('navigation', { name: 'Pages' }).locator('[aria-current=page]').all();
    expect(await current?.textContent()).toBe('You');
    expect(await page.evaluate(async () => (await fetch('/api/v1/identities')).status)).toBe(403);
    expect(faults.filter((fault) => !fault.includes('403'))).toEqual([]);
  });
});
