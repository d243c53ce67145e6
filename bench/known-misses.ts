import type { Row } from './method/verdict.ts';

/** Why a target is missed where that is known, found by profiling, and what was tried against it with what came of it. */
interface KnownMiss {
  target: string;
  about: RegExp;
  why: string;
  /** Each by another way; what helped is in the program, what did not is not. */
  tried: readonly string[];
}

const knownMisses: readonly KnownMiss[] = [
  {
    target: 'T1',
    about: /rate/,
    why:
      'Both processors are full: an acknowledgement takes about 0.2 ms of Node (a quarter of it writing to sockets, a tenth collecting garbage) and ' +
      '0.12 ms of PostgreSQL (row, four indexes, body out of line, 9 KB of WAL), the floor about 0.05 ms.',
    tried: [
      'Group commit: many rows in one statement, bodies as binary parameters, two batches in flight; one insert a request made half as many.',
      'Without the foreign key to the workspace: 270, 260 and 310 ms of PostgreSQL for 4,000 events; with it 290 and 300. It stays.',
      'With one index less: 320, 260 and 300 ms, and the same WAL. It stays.',
    ],
  },
  {
    target: 'T1',
    about: /p99/,
    why: 'An acknowledgement waits for the batch under way and for its own to reach the disk; the floor waits for nothing.',
    tried: [
      'One, two and four batches in flight: 9 to 12, 9 to 10 and 9 to 12 ms of p50.',
      'At most 32 rows in a batch instead of 100: 4.1 to 4.9 thousand a second instead of 4.9 to 5.1, p99 no better.',
    ],
  },
  {
    target: 'T5',
    about: /Raw events/,
    why:
      'Reading, writing and finishing a batch follow each other, each on one processor; COPY neither parses nor compares, and each ' +
      'event is rewritten twice (leased, done) in every index of the inbox.',
    tried: [
      'One batch is read ahead in a thread of its own while the one before is being written.',
      'Batches of 1,000 and 2,000 events instead of 500: 0.32 and 0.28 s of PostgreSQL instead of 0.31 for 2,000 events. A batch shall stay short, so 500 stays.',
    ],
  },
  {
    target: 'T7',
    about: /Replay/,
    why: 'Parsing, leasing and finishing cost the same the second time; only the writing of facts is saved.',
    tried: [
      'Known facts are compared and not written again: no row changes, and only the inbox itself is written.',
      'Batches of 1,000 and 2,000 events instead of 500: 0.18 and 0.16 s of PostgreSQL instead of 0.15 for 2,000 events.',
    ],
  },
  {
    target: 'T10',
    about: /p99$/,
    why:
      'Both histories reach three years back, so a day of the larger one has ten times as many commits, and more people, repositories and parts on ' +
      'it to sum up.',
    tried: [
      'Totals of tiles from days instead of from all parts: 3.9 s became 0.2 at a million facts.',
      'What no source could read is counted by an index of its own: lines_added 1.15 s became 8 ms.',
    ],
  },
  {
    target: 'T10',
    about: /taken in/,
    why: 'Half of the most that can be taken in keeps one of two processors busy; reads share the other with PostgreSQL.',
    tried: [
      'Totals of tiles from days instead of from all parts: 3.9 s became 0.2 at a million facts.',
      'One transaction for all questions of a request, begun and bound in one message: 1.12 ms of wrapping became 0.88.',
    ],
  },
  {
    target: 'T11',
    about: /Rebuild/,
    why:
      'Half of the time is writing: about fifteen rows of days for each commit, with two indexes of up to seven columns, where the ' +
      'baseline writes nothing.',
    tried: [
      'Cells as numbers, zones from one constant instead of a join, items once for each batch: 12.5 s became 7.8 for 20,000 commits, then 8.5 s of processor became 6.1.',
      'Without the second index: 33 MB of WAL instead of 41, 2.28 s of PostgreSQL instead of 2.43. Cells are deleted by it, so it stays.',
      'Without two of the three metrics that read the same items: 2.11 s instead of 2.43. One scan for all three would save less than that, and give a rollup a second meaning.',
    ],
  },
  {
    target: 'T12',
    about: /\(time\)/,
    why:
      'Both histories reach three years back, so a day of the larger one holds ten times as many commits, and 2.9 times as many are in the ' +
      'days that the new facts touch. The time follows the days, not the history.',
    tried: [
      'Batches hold cells that lie close together in time, so that what lies between is not read.',
      'One scan for the metrics that read the same items: at most an eighth, see T11.',
    ],
  },
  {
    target: 'T12',
    about: /rows of days/,
    why: 'Half of the time is writing the rows, as in the baseline; the other half is finding out what stands in them.',
    tried: [
      'Cells as numbers, zones from one constant instead of a join: 8.5 s of processor became 6.1 for 20,000 commits.',
      'Without the second index: 2.28 s of PostgreSQL instead of 2.43, see T11.',
    ],
  },
  {
    target: 'T15',
    about: /./,
    why: 'Loading the program takes 0.4 s of processor, and then it makes its tables; the baseline does neither.',
    tried: [
      'Compiled code is kept between starts: 3.46 s became 3.26, and 0.9 s of loading 0.55.',
      'PostgreSQL is started before most of the program is loaded, and the reference of the API made for the first who asks: 0.94 s of processor became 0.78.',
    ],
  },
  {
    target: 'T16',
    about: /./,
    why: 'Of a restart 0.4 s of processor is loading the program.',
    tried: [
      'Compiled code is kept between starts: 1.34 s became 1.10.',
      'The queue on Redis is loaded only where there is one, and the program while PostgreSQL starts: 0.93 s of processor became 0.77.',
    ],
  },
  {
    target: 'T13',
    about: /PostgreSQL/,
    why:
      'Half of it, 23 of 41 MiB, is shared memory that making the tables has touched. Four connections are left and hold 11 MiB of their own: ' +
      'two of the job queue (4 each), one that listens and one that holds the lock of the folder (1.5 each).',
    tried: [
      'Two connections for the job queue instead of four.',
      'Idle connections are closed after 10 s instead of 30; both together made 41 MiB of 55.',
      'One connection for the job queue instead of two: 10 MiB instead of 16, still above the target, and its polls would wait for each other. Two stay.',
    ],
  },
  {
    target: 'T13',
    about: /The program/,
    why: 'It is loaded code: the heap holds 34 MiB, and loading the modules brings a process from 60 MiB to 130.',
    tried: [
      'The queue on Redis is loaded only where there is one: 142 MiB became 131.',
      'One collection after the start that gives back what loading has left: 180 MiB resident became 130; 3.3 became 1.9.',
    ],
  },
  {
    target: 'T18',
    about: /Dashboard, mobile/,
    why:
      'The phone that Lighthouse plays is four times slower than this machine. The first board is 2,700 elements and more that React makes in few long ' +
      'tasks, of 60 to 220 ms on a busy machine; after them the largest single cost was writing numbers.',
    tried: [
      'One formatter of numbers for each way of writing instead of one for each number: 68 to 190 ms of script became 12, before the slowing down.',
      'A router of our own instead of a library: less to load and to read before the first task.',
    ],
  },
  {
    target: 'F26',
    about: /first time/,
    why:
      'An event that loops or hoards uses the thread that reads for 25 ms before it is set aside, in a batch that takes as long; ' +
      'what the writing of the batch before does not hide is lost.',
    tried: [
      'A spare thread that takes over at once: 0.011 became 0.28, since each new thread costs a quarter of a second of processor.',
      'The thread is not ended any more: V8 stops the event within it, and it reads on: 0.57.',
      'Set aside after 25 ms of processor instead of 50, and what was read before it is put together again only if it was torn.',
    ],
  },
  {
    target: 'F26',
    about: /./,
    why: 'What is tried again is read by a thread beside, on the same two processors.',
    tried: [
      'A lane of its own for what failed before, so that nothing waits behind it.',
      'One by one in that lane: a poisoned event fails alone, and its neighbours are read once: 0.87.',
      'Its thread has a lower priority (Linux), so that it takes what the others leave.',
    ],
  },
];

/** The sentences that stand beside a miss. */
export function findReason(row: Pick<Row, 'target' | 'what'>): string {
  const known = knownMisses.find(({ target, about }) => target === row.target && about.test(row.what));
  if (known === undefined) return 'Not explained yet: profile it.';
  return [known.why, ...known.tried.map((attempt) => `Tried: ${attempt}`)].join(' ');
}
