/** The one rule for text that is copied from outside: no NUL, no lone surrogates. */
export function cleanText(text: string): string {
  const whole = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return whole.isWellFormed() ? whole : whole.toWellFormed();
}

/** Never cuts a character in two. */
export function cutTo(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, length).toWellFormed();
}
