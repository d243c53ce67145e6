/** One of the things that can be chosen. */
export interface ComboboxOption {
  value: string;
  label: string;
  /** Quiet words at the right, such as the time it is there. */
  note?: string | undefined;
}

/** Nobody reads further; a longer list only makes typing slow. */
const most = 60;

/** Options that hold all typed words in any order, those that start with them first; small and capital letters alike. */
export function filterOptions(options: readonly ComboboxOption[], typed: string): ComboboxOption[] {
  const words = fold(typed).split(' ').filter(Boolean);
  const hits = options.filter((option) => words.every((word) => fold(option.label).includes(word)));
  const first = words[0];
  if (first === undefined) return hits.slice(0, most);
  const starts = (option: ComboboxOption): boolean =>
    fold(option.label)
      .split(' ')
      .some((word) => word.startsWith(first));
  return [...hits.filter(starts), ...hits.filter((option) => !starts(option))].slice(0, most);
}

/** Small letters, no accents; the parts of a zone's name are words. */
function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[/_\s-]+/g, ' ')
    .trim();
}
