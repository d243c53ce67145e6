// The questions that the pages about people ask before they act.
import type { Browser, Page } from 'playwright-core';
import type { Instance } from '../../test/journeys/open-instance.ts';
import { owner } from '../../test/journeys/set-up.ts';
import { type Cookies, each, settle } from './take-pictures.ts';

interface Question {
  name: string;
  place: string;
  ask: (page: Page) => Promise<void>;
}

const questions: readonly Question[] = [
  {
    name: 'dialog-token',
    place: 'settings/security',
    ask: async (page) => page.getByRole('button', { name: 'Make a token' }).click(),
  },
  {
    name: 'dialog-two-factor',
    place: 'settings/security',
    ask: async (page) => {
      await page.getByRole('button', { name: 'Set it up' }).click();
      await page.getByRole('dialog').getByLabel('Your password').fill(owner.password);
      await page.getByRole('dialog').getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('img', { name: /^QR code/ }).waitFor();
    },
  },
  {
    name: 'dialog-new-team',
    place: 'workspace/teams',
    ask: async (page) => page.getByRole('button', { name: 'New team' }).click(),
  },
  {
    name: 'dialog-delete-workspace',
    place: 'workspace/general',
    ask: async (page) => page.getByRole('button', { name: /^Delete Rocket Team/ }).click(),
  },
  {
    name: 'dialog-person',
    place: 'workspace/people',
    ask: async (page) => page.getByRole('button', { name: 'Ben Holm', exact: true }).click(),
  },
];

export async function askDialogs(browser: Browser, instance: Instance, cookies: Cookies): Promise<void> {
  await each(
    browser,
    async (page, shoot) => {
      for (const { name, place, ask } of questions) {
        await page.goto(`${instance.address}/${place}`);
        await settle(page);
        await ask(page);
        await page.getByRole('dialog').waitFor();
        await settle(page);
        await shoot(name);
      }
    },
    cookies,
  );
}
