import { type RawBuilder, sql } from 'kysely';

/**
 * Text as people compare it: case, accents and doubled spaces make no difference. Only accents of Latin, Greek and Cyrillic
 * are dropped; the marks of other scripts are vowels, and without them other names come out.
 */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/[\u0300-\u036F]/g, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .replaceAll('đ', 'd')
    .replaceAll('æ', 'ae')
    .replaceAll('œ', 'oe')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

/**
 * The same for sorting and searching in the store, as far as the store can. Not a collation of ICU: not every PostgreSQL is
 * built with it, and names must sort alike on all of them.
 */
export function foldInStore(text: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`lower(regexp_replace(normalize(${text}, NFD), '[\u0300-\u036f]', '', 'g')) collate "C"`;
}

/** True when a text holds the words looked for, both folded. */
export function containsFolded(text: RawBuilder<unknown>, search: string): RawBuilder<boolean> {
  return sql<boolean>`strpos(${foldInStore(text)}, ${foldInStore(sql`${search}::text`)}) > 0`;
}
