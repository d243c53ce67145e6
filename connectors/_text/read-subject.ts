import { cutTo } from './clean-text.ts';

const subjectCharacters = 1000;

/** The subject of a commit's message as git makes it: the lines of the first paragraph, joined by spaces. */
export function readSubject(message: string): string {
  const text = message.trimStart();
  const blank = /\n[ \t\r]*\n/.exec(text);
  const paragraph = blank === null ? text : text.slice(0, blank.index);
  const subject = paragraph.includes('\n')
    ? paragraph
        .split('\n')
        .map((line) => line.trim())
        .join(' ')
    : paragraph;
  return cutTo(subject.trim(), subjectCharacters);
}
