import { z } from 'zod';
import { heardAt, getAll, keep, type Look, saveCursor, toEvent } from './look.ts';

const dated = z.looseObject({
  oid: z.string(),
  author: z.looseObject({ date: z.string() }).nullable(),
  committer: z.looseObject({ date: z.string() }).nullable(),
});
/** Beyond that many the oldest are left out: their lines stay unknown, which is said wherever they are missing. */
const waitingMax = 2000;

/** Remembers commits whose files are to be read when there is time. */
export function noteNewCommits({ cursor }: Look, nodes: readonly unknown[]): void {
  const known = new Set(cursor.newCommits.map(([sha]) => sha));
  const found = z
    .array(dated)
    .parse(nodes)
    .flatMap(({ oid, author, committer }): [string, string, string][] => {
      if (known.has(oid) || author === null || committer === null) return [];
      return [[oid, author.date, committer.date]];
    });
  // Lists are newest first; what is read next stands last.
  cursor.newCommits = [...found.toReversed(), ...cursor.newCommits].slice(-waitingMax);
}

/** Remembers a pull request whose head moved. */
export function noteNewHead({ cursor }: Look, number: number, head: string): void {
  if (cursor.readHeads[number] === head) return;
  const others = cursor.newHeads.filter(([known]) => known !== number);
  cursor.newHeads = [...others, [number, head] satisfies [number, string]].slice(-waitingMax);
}

const readHeadsMax = 200;
/** What was read since the cursor was saved last is read again after a crash. */
const itemsPerSave = 20;

/** Reads the files of what is new, newest first; false when the time was up before the end. */
export async function readNewFiles(look: Look, end: number): Promise<boolean> {
  const { cursor, context } = look;
  let unsaved = 0;
  try {
    while (cursor.newHeads.length + cursor.newCommits.length > 0) {
      if (context.now().getTime() >= end) return false;
      await readNext(look);
      unsaved += 1;
      if (unsaved === itemsPerSave) {
        unsaved = 0;
        await saveCursor(look);
      }
    }
    return true;
  } finally {
    if (unsaved > 0) await saveCursor(look);
  }
}

async function readNext(look: Look): Promise<void> {
  const { cursor } = look;
  const pull = cursor.newHeads.at(-1);
  if (pull !== undefined) {
    await keepPullFiles(look, ...pull);
    cursor.newHeads = cursor.newHeads.slice(0, -1);
    const [number, head] = pull;
    const kept = Object.entries(cursor.readHeads).slice(-readHeadsMax);
    cursor.readHeads = { ...Object.fromEntries(kept), [number]: head };
    return;
  }
  const commit = cursor.newCommits.at(-1);
  if (commit === undefined) return;
  const [sha, authored, committed] = commit;
  await keepCommitFiles(look, sha, { authored, committed });
  cursor.newCommits = cursor.newCommits.slice(0, -1);
}

/** GitHub tells no more than so many files, of a commit as of a pull request. */
const filesMax = 3000;

export async function keepPullFiles(look: Look, number: number, head: string): Promise<void> {
  const files = await getAll(look, look.history, `/pulls/${number}/files?per_page=100`, filesMax / 100);
  if (files === null) return;
  const isWhole = files.isWhole && files.items.length < filesMax;
  await keep(look, [toEvent(heardAt(look, files.at), 'pull-files', files.items, { number, head, isWhole })]);
}

const withFiles = z.looseObject({ files: z.array(z.looseObject({})).default([]) });

export async function keepCommitFiles(
  look: Look,
  sha: string,
  times: { authored: string; committed: string } | null,
): Promise<void> {
  const path = `/repositories/${look.settings.id}/commits/${sha}`;
  const answer = await look.history.get(path, { allow: [404, 409, 422] });
  if (answer.status >= 400) return;
  const data = withFiles.parse(answer.json);
  for (let { next } = answer; next !== null;) {
    const more = await look.history.get(next);
    data.files.push(...withFiles.parse(more.json).files);
    ({ next } = more);
  }
  const isWhole = data.files.length < filesMax;
  await keep(look, [
    toEvent(heardAt(look, answer.at), 'commit', data, { isWhole, ...(times === null ? {} : { times }) }),
  ]);
}
