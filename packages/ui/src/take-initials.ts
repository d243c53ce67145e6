/** First letters of the first and the last word of a name: `Juno Hale` is `JH`. Whole characters, in any script. */
export function takeInitials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...(word ?? '')][0]?.toLocaleUpperCase() ?? '').join('');
}
