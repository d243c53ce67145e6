import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { CommitFile, IdentityRef } from '@devpulse/contract/facts';
import { z } from 'zod';
import { readSubject } from '../_text/read-subject.ts';
import { cleanText } from '../_text/clean-text.ts';
import { type Account, account, actorNode, type GraphActor, type Signature, toSigner } from './accounts.ts';
import { count, path, readInstant, readShape, sha } from './read-shape.ts';
import { readSignature, readTrailer, withoutRepeats } from './read-trailers.ts';
import type { FactOf, Told } from './told.ts';

type CommitFact = FactOf<'commit'>;

/**
 * How much a reading of a commit knows; git itself (30) knows more than any. A reading that knows the author's account wins over
 * one of its kind that does not: accounts are found by address, and people confirm addresses later.
 */
const fidelity = { listing: 10, graph: 12, whole: 25, withAccount: 1 } as const;

const signature = z.object({ name: z.string().nullish(), email: z.string().nullish(), date: z.unknown() });
const noSignature = { name: null, email: null, date: null };

const commit = z.object({
  sha,
  commit: z.object({
    author: signature.nullish().transform((found) => found ?? noSignature),
    committer: signature.nullish().transform((found) => found ?? noSignature),
    message: z.string(),
  }),
  author: account,
  committer: account,
  parents: z.array(z.object({ sha })).max(1000),
});

export const changedFiles = z.array(
  z
    .object({
      filename: path,
      status: z.string(),
      additions: count,
      deletions: count,
      previous_filename: path.nullish(),
      sha: z.string().nullish(),
      patch: z.string().nullish(),
    })
    .transform(toFile),
);

/** Commits of a listing: their files are not told. */
export function readCommits(told: Told, data: unknown): CommitFact[] {
  return readShape(z.array(commit), data, 'data').map((found) => toCommit(told, found, null));
}

/** One commit with its files; when they were too many to be told, they are unknown. */
export function readCommit(
  told: Told,
  data: unknown,
  extra: { isWhole: boolean; times?: Times | undefined },
): CommitFact {
  const found = readShape(commit, data, 'data');
  const { files } = readShape(z.object({ files: changedFiles.default([]) }), data, 'data');
  // The API shows what a merge changed against its first parent; those lines are other people's.
  const own = found.parents.length > 1 ? [] : files;
  return toCommit(told, found, extra.isWhole ? own : null, extra.times);
}

/** Dates with their offsets, as GraphQL tells them; the REST API converts all dates to UTC. */
export interface Times {
  authored: string;
  committed: string;
}

function toCommit(told: Told, found: z.output<typeof commit>, files: CommitFile[] | null, times?: Times): CommitFact {
  const { author, committer, message } = found.commit;
  return buildCommit(told, {
    sha: found.sha,
    author: { signature: author, account: found.author, date: times?.authored ?? author.date },
    committer: { signature: committer, account: found.committer, date: times?.committed ?? committer.date },
    message,
    parents: found.parents.map((parent) => parent.sha),
    files,
    fidelity: files === null ? fidelity.listing : fidelity.whole,
  });
}

const signer = z
  .object({ name: z.string().nullish(), email: z.string().nullish(), date: z.unknown(), user: actorNode })
  .nullish()
  .transform((found) => found ?? { ...noSignature, user: null });

const commitNode = z.object({
  oid: sha,
  message: z.string(),
  author: signer,
  committer: signer,
  parents: z.object({ nodes: z.array(z.object({ oid: sha }).nullable()).max(1000) }),
});

/** Commits as GraphQL lists them: without files, but with the offsets of their dates. */
export function readCommitNodes(told: Told, data: unknown): CommitFact[] {
  return readShape(z.array(commitNode), data, 'data').map(({ oid, message, author, committer, parents }) =>
    buildCommit(told, {
      sha: oid,
      author: { signature: author, account: author.user, date: author.date },
      committer: { signature: committer, account: committer.user, date: committer.date },
      message,
      parents: parents.nodes.flatMap((parent) => (parent === null ? [] : [parent.oid])),
      files: null,
      fidelity: fidelity.graph,
    }),
  );
}

interface Act {
  signature: Signature;
  account: Account | GraphActor | null;
  date: unknown;
}

interface Parts {
  sha: string;
  author: Act;
  committer: Act;
  message: string;
  parents: string[];
  files: CommitFile[] | null;
  fidelity: number;
}

/** A date that cannot be read is replaced by the commit's other one, so that the commit still counts. */
function buildCommit(told: Told, parts: Parts): CommitFact {
  const authored = readInstant(parts.author.date) ?? readInstant(parts.committer.date);
  const committed = readInstant(parts.committer.date) ?? authored;
  if (authored === null || committed === null) throw new MalformedEvent(`${parts.sha} has no date that can be read`);
  const author = toSigner(told.host, parts.author.signature, parts.author.account);
  return {
    fact: 'commit',
    sha: parts.sha,
    author,
    authoredAt: authored.at,
    authoredOffsetMinutes: authored.offsetMinutes,
    committer: toSigner(told.host, parts.committer.signature, parts.committer.account),
    committedAt: committed.at,
    committedOffsetMinutes: committed.offsetMinutes,
    parents: parts.parents,
    subject: readSubject(cleanText(parts.message)),
    coAuthors: readCoAuthors(told.host, parts.message, author),
    files: parts.files,
    fidelity: parts.fidelity + (parts.author.account === null ? 0 : fidelity.withAccount),
  };
}

function readCoAuthors(host: string, message: string, author: IdentityRef): IdentityRef[] {
  const named = readTrailer(message, 'Co-authored-by').flatMap((value) => readSignature(value) ?? []);
  const refs = named.map((signed) => toSigner(host, signed, null));
  return withoutRepeats(refs, author).slice(0, 1000);
}

/** The blob that every empty file is. */
const emptyBlob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';

/** The difference that GitHub shows where a submodule moved: the one that is not taken out, see `takeOutSource`. */
export const submodulePatch = /^@@[^\n]*@@\n[+-]Subproject commit [0-9a-f]{40}/;

interface ListedFile {
  filename: string;
  status: string;
  additions: number;
  deletions: number;
  previous_filename?: string | null | undefined;
  sha?: string | null | undefined;
  patch?: string | null | undefined;
}

/** GitHub does not say what is binary: it shows no difference of it, as of an empty file. */
function toFile(file: ListedFile): CommitFile {
  const hasPatch = typeof file.patch === 'string';
  const isSubmodule = hasPatch && submodulePatch.test(file.patch ?? '');
  const isBinary =
    !hasPatch &&
    file.additions + file.deletions === 0 &&
    ['added', 'modified', 'removed'].includes(file.status) &&
    file.sha !== emptyBlob;
  return {
    path: file.filename,
    previousPath: file.status === 'renamed' ? (file.previous_filename ?? null) : null,
    additions: file.additions,
    deletions: file.deletions,
    isBinary,
    isSubmodule,
  };
}
