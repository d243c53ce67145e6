import type { AuthorList } from '@devpulse/contract/wire/sources';

type Author = AuthorList['authors'][number];

/** Those whose name or address holds every typed word; what git suggests stands first, the rest keeps its order. */
export function filterAuthors(
  authors: readonly Author[],
  typed: string,
  isSuggested: (author: Author) => boolean,
): Author[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const found = authors.filter((author) => {
    const text = fold(`${author.name ?? ''} ${author.email ?? ''}`);
    return words.every((word) => text.includes(word));
  });
  return [...found.filter(isSuggested), ...found.filter((author) => !isSuggested(author))];
}

function fold(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase();
}
