import type { Locator, Page } from 'playwright-core';
import type { CodeFolder } from './code-folder.ts';
import type { Instance } from './open-instance.ts';

/** The owner of the journeys. */
export const owner = { name: 'Mira Solano', email: 'mira@example.org', password: 'four words in a row' };

/** Opens the one-time link and says who one is. */
export async function introduceOneself(page: Page, instance: Instance): Promise<void> {
  if (instance.ownerLink === null) throw new Error(`no link was printed:\n${instance.output()}`);
  await page.goto(instance.ownerLink);
  await page.getByLabel('Name', { exact: true }).fill(owner.name);
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(owner.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(owner.password);
  await page.getByRole('button', { name: 'Go on' }).click();
}

/** Signs in at the door as the owner. */
export async function signIn(page: Page, instance: Instance, password = owner.password): Promise<void> {
  await page.goto(instance.address);
  await page.getByRole('textbox', { name: 'E-mail address' }).fill(owner.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** From the link up to where a source is asked for. */
export async function comeToSources(page: Page, instance: Instance): Promise<void> {
  await introduceOneself(page, instance);
  await page.getByRole('heading', { name: 'A folder with git repositories' }).waitFor();
}

/** Adds a folder, and says which of its authors one is as soon as that is asked; that leads to the board. */
export async function addFolder(page: Page, code: CodeFolder): Promise<void> {
  await page.getByRole('textbox', { name: 'Path' }).fill(code.path);
  await page.getByRole('button', { name: 'Add this folder' }).click();
  await page.getByRole('button', { name: /are me$|is me$/ }).click();
}

/** From the link to the board with the numbers of a folder. */
export async function setUpWithFolder(page: Page, instance: Instance, code: CodeFolder): Promise<void> {
  await comeToSources(page, instance);
  await addFolder(page, code);
  await commitsFigure(page).waitFor();
}

/** The leading figure of the first tile, whatever it says, or only once it says so many. */
export function commitsFigure(page: Page, count?: number): Locator {
  const name = count === undefined ? /^Commits, / : new RegExp(`^Commits, ${count}( commits?)?: open receipt$`);
  return page.getByRole('article', { name: 'Totals' }).getByRole('button', { name });
}
