import { fileURLToPath } from 'node:url';
import { redactText } from '../redact-secrets.ts';

/** The folder that holds the whole program. */
export const programRoot = fileURLToPath(new URL('../../../../', import.meta.url));

const rootPrefixes = [`file://${programRoot}`, programRoot];
const mailAddress = /[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}/g;
const quoted = /"[^"]*"?|'[^']*'?/g;
// Longer than anything that is kept, shorter than what would keep the program busy.
const readAtMost = 64 * 1024;

/** Takes secrets, mail addresses and the place of the installation out of a text, and what PostgreSQL cannot hold. */
export function hideContent(text: string): string {
  const short = text.slice(0, readAtMost).toWellFormed().replaceAll('\u0000', '');
  const clean = redactText(short);
  return rootPrefixes
    .reduce((rest, prefix) => rest.replaceAll(prefix, ''), clean)
    .replaceAll(mailAddress, '[mail address]');
}

/** Errors that quote what they could not read: their quotations are somebody's data. */
export function quotesData(error: unknown): boolean {
  if (error instanceof SyntaxError) return true;
  return error instanceof Error && 'code' in error && /^22[0-9A-Z]{3}$/.test(String(error.code));
}

/** Leaves of every quotation only that there was one. */
export function hideQuotations(text: string): string {
  return text.replaceAll(quoted, '"…"');
}
