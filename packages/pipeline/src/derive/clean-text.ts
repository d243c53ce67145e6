/**
 * The one rule by which text of others becomes text of ours: NUL is removed and a lone half of a surrogate pair becomes
 * U+FFFD, because PostgreSQL stores neither. The raw event keeps the bytes as they came.
 */
export function cleanText(text: string): string {
  const withoutNul = text.includes('\u0000') ? text.replaceAll('\u0000', '') : text;
  return withoutNul.isWellFormed() ? withoutNul : withoutNul.toWellFormed();
}
