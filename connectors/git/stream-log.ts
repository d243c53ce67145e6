import { eventLimits } from '@devpulse/contract/raw-event';
import { type FilesState, logFormat } from './commit-record.ts';
import { streamGit, streamGitLines } from './run-git.ts';
import { LogSplitter } from './split-log.ts';
import { listStretch, type Stretch, stretchInput } from './walk-history.ts';

/** Whatever a configuration could say about the output is said here. */
const plainOutput = [
  '-z',
  '--date=raw',
  // Git converts what it can; bytes whose encoding it does not know come as they are stored.
  '--encoding=UTF-8',
  '--no-color',
  '--no-decorate',
  '--no-mailmap',
  '--no-notes',
];
const diffs = [
  '--raw',
  '--numstat',
  // Abbreviating an object id costs a search for others like it.
  '--no-abbrev',
  '-M50%',
  '-l1000',
  '--diff-algorithm=myers',
  '--diff-merges=off',
  '--ignore-submodules=none',
  '--no-ext-diff',
  '--no-relative',
  '--no-textconv',
  '-O/dev/null',
];

/** Without the list of cuts a commit shows who its parents are; nobody follows them. */
const uncut = { GIT_SHALLOW_FILE: '' };

export interface LogOptions extends Stretch {
  /** Where a shallow clone ends: git shows these commits without their parents. */
  shallow: string[];
  /** File contents are missing, so lines are not counted at all. */
  partial: boolean;
  /** Larger records come without their files. */
  recordBytesMax?: number;
}

/** The commit records of a stretch, newest first, in groups as git prints them. */
export async function* streamLog(options: LogOptions): AsyncGenerator<Buffer[], void, undefined> {
  if (options.from.length === 0) return;
  const cut = await listCutCommits(options);
  // A cut commit has no parents here, so leaving it out leaves out nothing else.
  const rest = { ...options, without: [...options.without, ...cut] };
  yield* runLog(options, stretchInput(rest), options.partial ? 'partial' : 'complete');
  if (cut.length > 0) yield* runLog(options, stretchInput({ from: cut, without: [] }), 'shallow');
}

/** Against an empty parent a cut commit would seem to add every file there is. */
async function listCutCommits(options: LogOptions): Promise<string[]> {
  if (options.shallow.length === 0) return [];
  const shallow = new Set(options.shallow);
  const ends: string[] = [];
  for await (const group of listStretch(options, ['--max-parents=0'])) {
    ends.push(...group.filter((sha) => shallow.has(sha)));
  }
  if (ends.length === 0) return [];
  const cut: string[] = [];
  const asked = streamGitLines({
    place: options.repository.place,
    args: ['log', '--no-walk=unsorted', '-s', '--format=tformat:%H %P', '--stdin'],
    input: stretchInput({ from: ends, without: [] }),
    signal: options.signal,
    env: uncut,
  });
  for await (const lines of asked) {
    for (const line of lines) {
      const [sha = '', parent = ''] = line.split(' ');
      // Git lists a true root as well when it lies as deep as the cut; nothing is missing there.
      if (parent !== '') cut.push(sha);
    }
  }
  return cut;
}

async function* runLog(
  options: LogOptions,
  input: string,
  files: FilesState,
): AsyncGenerator<Buffer[], void, undefined> {
  const isCut = files === 'shallow';
  const args = [
    'log',
    logFormat(files),
    ...plainOutput,
    ...(files === 'complete' ? diffs : ['-s']),
    ...(isCut ? ['--no-walk=unsorted'] : []),
    '--ignore-missing',
    '--stdin',
  ];
  const splitter = new LogSplitter(options.recordBytesMax ?? eventLimits.bodyBytes);
  const chunks = streamGit({
    place: options.repository.place,
    args,
    input,
    signal: options.signal,
    ...(isCut ? { env: uncut } : {}),
  });
  for await (const chunk of chunks) {
    const records = splitter.push(chunk);
    if (records.length > 0) yield records;
  }
  const last = splitter.finish();
  if (last.length > 0) yield last;
}
