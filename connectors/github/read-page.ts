import { SourceRefused } from '@devpulse/contract/source-client';

/** What came of reading one page of the past. */
export interface Page {
  /** Where the next one begins. */
  after: string | null;
  /** The oldest instant on it, by the order in which the list is read. */
  oldest: string | null;
  isEnd: boolean;
  count: number;
  /** How many there are altogether, where that is told. */
  total: number | null;
}

/** A question that takes GitHub too long dies with these, and the same one would die again; a smaller one may not. */
const tooLong: readonly (number | null)[] = [502, 504];

/** Reads a page of that size, or a smaller one where that is too much for GitHub. */
export async function readWithin(first: number, read: (first: number) => Promise<Page>): Promise<Page> {
  for (let size = first; ; size = Math.max(1, Math.floor(size / 5))) {
    try {
      return await read(size);
    } catch (error) {
      const isTooMuch = error instanceof SourceRefused && error.kind === 'failed' && tooLong.includes(error.status);
      if (!isTooMuch || size === 1) throw error;
    }
  }
}
