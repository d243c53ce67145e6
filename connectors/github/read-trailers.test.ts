import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTrailer } from './read-trailers.ts';

/** What git itself finds; its own rules are the ones that we want. */
function readWithGit(message: string): string[] {
  const { stdout } = spawnSync('git', ['interpret-trailers', '--parse', '--no-divider'], { input: message });
  return stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => /^co-authored-by: ?(.*)$/i.exec(line)?.[1] ?? []);
}

const mona = 'Co-authored-by: Mona <mona@example.org>';

describe('the trailers of a commit', () => {
  it.each([
    ['at the end', `Subject\n\nText\n\n${mona}\n`],
    ['of a squash', `Subject (#1)\n\n* one\n\n* two\n\n---------\n\n${mona}\nCo-authored-by: Eve <eve@example.org>`],
    ['beside a signature', `Subject\n\nText\nmore\nSigned-off-by: A <a@x>\n${mona}`],
    ['in the subject', mona],
    ['in the middle', `Subject\n\n${mona}\n\nText`],
    ['among text', `Subject\n\nText\n${mona}`],
    ['over two lines', 'Subject\n\nCo-authored-by: Mona\n  <mona@example.org>'],
    ['in capitals', 'Subject\n\nCO-AUTHORED-BY: Mona <mona@example.org>'],
    ['with blanks behind', `Subject\n\n${mona}\n\n  \n`],
  ])('are what git finds %s', (_, message) => {
    expect(readTrailer(message, 'Co-authored-by')).toEqual(readWithGit(message));
  });

  it('are what git finds in any message', () => {
    const line = fc.constantFrom(
      '',
      'Text',
      mona,
      'Signed-off-by: A <a@x>',
      ' more',
      'Fixes: 12',
      'https://x.example',
      'a b: c',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 9 }), (lines) => {
        const message = ['Subject', ...lines].join('\n');
        expect(readTrailer(message, 'Co-authored-by')).toEqual(readWithGit(message));
      }),
      { numRuns: 150 },
    );
  });
});
