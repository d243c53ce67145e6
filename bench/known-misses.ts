import type { Row } from './method/verdict.ts';

/** Why a target is missed where that is known: one sentence each, found by profiling. */
const reasons: readonly { target: string; about: RegExp; why: string }[] = [
  {
    target: 'T1',
    about: /rate/,
    why:
      'Both processors are full: an acknowledgement takes about 0.2 ms of Node (a quarter of it writing to sockets, a tenth collecting garbage) and ' +
      '0.12 ms of PostgreSQL (row, four indexes, body out of line, 9 KB of WAL), the floor about 0.05 ms.',
  },
  {
    target: 'T1',
    about: /p99/,
    why: 'An acknowledgement waits for the batch under way and for its own to reach the disk; the floor waits for nothing.',
  },
  {
    target: 'T5',
    about: /Raw events/,
    why:
      'Reading, writing and finishing a batch follow each other, each on one processor; COPY neither parses nor compares, and each ' +
      'event is rewritten twice (leased, done) in every index of the inbox.',
  },
  {
    target: 'T7',
    about: /Replay/,
    why: 'Parsing, leasing and finishing cost the same the second time; only the writing of facts is saved.',
  },
  {
    target: 'T11',
    about: /Rebuild/,
    why:
      'Half of the time is writing: about fifteen rows of days for each commit, with two indexes of up to seven columns, where the ' +
      'baseline writes nothing.',
  },
  {
    target: 'T12',
    about: /rows of days/,
    why: 'Half of the time is writing the rows, as in the baseline; the other half is finding out what stands in them.',
  },
  {
    target: 'T15',
    about: /./,
    why: 'Reading and stripping the TypeScript of the program takes 0.9 s before its first step (0.55 s where Node may keep its compile cache).',
  },
  {
    target: 'T16',
    about: /./,
    why: 'Of a restart 0.9 s is reading and stripping the TypeScript of the program (0.55 s where Node may keep its compile cache).',
  },
  {
    target: 'T13',
    about: /PostgreSQL/,
    why: 'Each idle connection of the pools and of the job queue is a process of PostgreSQL with 2 to 5 MiB of its own; there are seven.',
  },
  {
    target: 'T13',
    about: /The program/,
    why: 'It is loaded code: the heap holds 34 MiB, and loading the modules alone brings a process from 60 MiB to 150 (Fastify 83, then database, extensions and job queue with 14 to 19 each).',
  },
];

/** The sentence that stands beside a miss. */
export function findReason(row: Pick<Row, 'target' | 'what'>): string {
  const known = reasons.find(({ target, about }) => target === row.target && about.test(row.what));
  return known?.why ?? 'Not explained yet: profile it.';
}
