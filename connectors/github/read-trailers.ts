import type { IdentityRef } from '@devpulse/contract/facts';

/** Lines that make a paragraph one of trailers even beside some that are none. */
const recognised = ['Signed-off-by: ', '(cherry picked from commit '];

/**
 * The values of one trailer as git itself finds them: in the last paragraph (never the first), which is made of trailers, or
 * holds a recognised line and at least one trailer in four lines. Whoever counts with git finds the same people.
 */
export function readTrailer(message: string, name: string): string[] {
  const lines = message.split('\n').map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  const wanted = name.toLowerCase();
  const values: string[] = [];
  let isOpen = false;
  for (const line of lines.slice(findTrailerBlock(lines))) {
    if (isOpen && /^[ \t]/.test(line) && line.trim() !== '') {
      values.push(`${values.pop() ?? ''} ${line.trim()}`);
      continue;
    }
    const separator = findSeparator(line);
    isOpen = separator > 0 && line.slice(0, separator).trim().toLowerCase() === wanted;
    if (isOpen) values.push(line.slice(separator + 1).trim());
  }
  return values;
}

/** The index of the first line of the trailers; the number of lines where there are none. */
function findTrailerBlock(lines: readonly string[]): number {
  const endOfTitle = lines.findIndex(isBlank);
  if (endOfTitle === -1) return lines.length;
  const seen = { trailers: 0, others: 0, continuations: 0, isRecognised: false };
  let isInside = false;
  for (let at = lines.length - 1; at >= endOfTitle; at -= 1) {
    const line = lines[at] ?? '';
    if (isBlank(line)) {
      if (!isInside) continue;
      seen.others += seen.continuations;
      const isBlock = seen.isRecognised ? seen.trailers * 3 >= seen.others : seen.trailers > 0 && seen.others === 0;
      return isBlock ? at + 1 : lines.length;
    }
    isInside = true;
    countLine(line, seen);
  }
  return lines.length;
}

function countLine(
  line: string,
  seen: { trailers: number; others: number; continuations: number; isRecognised: boolean },
): void {
  const isRecognised = recognised.some((prefix) => line.startsWith(prefix));
  if (isRecognised || (!/^\s/.test(line) && findSeparator(line) > 0)) {
    seen.trailers += 1;
    seen.continuations = 0;
    seen.isRecognised ||= isRecognised;
  } else if (/^\s/.test(line)) {
    seen.continuations += 1;
  } else {
    seen.others += 1 + seen.continuations;
    seen.continuations = 0;
  }
}

/** The colon behind a name of letters, digits and dashes, and perhaps blanks behind the name; -1 where there is none. */
function findSeparator(line: string): number {
  return /^([A-Za-z0-9-]+[ \t]*):/.exec(line)?.[0].length === undefined ? -1 : line.indexOf(':');
}

function isBlank(line: string): boolean {
  return line.trim() === '';
}

/** `Name <address>`: without an address nobody can be credited. */
export function readSignature(text: string): { name: string; email: string } | null {
  const open = text.indexOf('<');
  const close = text.indexOf('>', open);
  if (open === -1 || close === -1) return null;
  const email = text.slice(open + 1, close).trim();
  return email === '' ? null : { name: text.slice(0, open).trim(), email };
}

/** Each once, by address and by account, and not the author again. */
export function withoutRepeats(coAuthors: readonly IdentityRef[], author: IdentityRef): IdentityRef[] {
  const seen = new Set(keysOf(author));
  return coAuthors.filter((ref) => {
    const keys = keysOf(ref);
    const isKnown = keys.some((key) => seen.has(key));
    keys.forEach((key) => seen.add(key));
    return !isKnown;
  });
}

function keysOf(ref: IdentityRef): string[] {
  return [
    ...(ref.email === undefined ? [] : [`email:${ref.email.toLowerCase()}`]),
    ...(ref.externalId === undefined ? [] : [`id:${ref.externalId}`]),
  ];
}
