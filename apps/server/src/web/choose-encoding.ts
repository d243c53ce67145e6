import type { BuiltFile } from './read-build.ts';

/** The smallest form of a file that the other side can read. */
export function chooseEncoding(
  accepted: string | undefined,
  file: Pick<BuiltFile, 'plain' | 'br' | 'gzip'>,
): { body: Buffer; encoding: 'br' | 'gzip' | null } {
  const offers = (accepted ?? '')
    .split(',')
    .map((offer) =>
      offer
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/),
    )
    .filter(([, weight]) => !/^q=0(\.0*)?$/.test(weight ?? ''))
    .map(([name]) => name);
  if (file.br !== null && offers.includes('br')) return { body: file.br, encoding: 'br' };
  if (file.gzip !== null && offers.includes('gzip')) return { body: file.gzip, encoding: 'gzip' };
  return { body: file.plain, encoding: null };
}
