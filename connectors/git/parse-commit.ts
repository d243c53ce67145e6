import { isUtf8 } from 'node:buffer';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { CommitFact, IdentityRef } from '@devpulse/contract/facts';
import { cutTo } from '../_text/clean-text.ts';
import { readSubject } from '../_text/read-subject.ts';
import { type FilesState, filesStates, recordFields, type RecordField, recordMarker } from './commit-record.ts';
import { decodeText } from './decode-text.ts';
import { parseFiles } from './parse-files.ts';

const shaPattern = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const datePattern = /^(-?\d{1,16}) ([+-])(\d{1,9})$/;

/** Names and addresses become keys of an index, which cannot hold more than some kilobytes. */
const identityCharacters = 500;

/** Offsets of a day or more are typing errors; below that git's own arithmetic holds. */
const offsetMinutesMax = 24 * 60 - 1;
/** Years 1 to 9999: beyond them ISO texts no longer sort by time, and PostgreSQL refuses them. */
const instantMin = Date.parse('0001-01-01T00:00:00Z');
const instantMax = Date.parse('9999-12-31T23:59:59Z');

/**
 * Reads one commit record into its fact. A date that cannot be read is replaced by the commit's other one, so that the
 * commit still counts; `MalformedEvent` when there is none, or when the record is not what we document.
 */
export function parseCommit(body: Uint8Array): CommitFact {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const { fields, end } = cutFields(bytes);
  const sha = requireSha(fields.sha);
  const files = requireFilesState(fields.files);
  const authored = readDate(fields.authorDate) ?? readDate(fields.committerDate);
  const committed = readDate(fields.committerDate) ?? authored;
  if (authored === null || committed === null) throw new MalformedEvent(`${sha} has no date that can be read`);
  const author = toIdentity(fields.authorName, fields.authorEmail);
  return {
    fact: 'commit',
    sha,
    author,
    authoredAt: authored.at,
    authoredOffsetMinutes: authored.offsetMinutes,
    committer: toIdentity(fields.committerName, fields.committerEmail),
    committedAt: committed.at,
    committedOffsetMinutes: committed.offsetMinutes,
    parents: fields.parents === '' ? [] : fields.parents.split(' ').map(requireSha),
    subject: readSubject(fields.message),
    coAuthors: readCoAuthors(fields.coAuthors, author),
    files: files === 'complete' ? parseFiles(bytes, end) : null,
    fidelity: files === 'complete' ? 30 : 20,
  };
}

type Fields = Record<RecordField, string>;

/** Cuts the fields off the front; `end` is where the file entries begin. */
function cutFields(bytes: Buffer): { fields: Fields; end: number } {
  const slices: Buffer[] = [];
  let at = 0;
  while (slices.length < recordFields.length) {
    const next = bytes.indexOf(0, at);
    if (next === -1) throw new MalformedEvent(`a commit record has ${recordFields.length} fields, each ended by a NUL`);
    slices.push(bytes.subarray(at, next));
    at = next + 1;
  }
  const decode = chooseDecoder(bytes.subarray(0, at), slices[recordFields.indexOf('encoding')]);
  const fields = Object.fromEntries(slices.map((slice, index) => [recordFields[index], decode(slice)])) as Fields;
  if (fields.marker !== recordMarker) throw new MalformedEvent(`a commit record begins with ${recordMarker}`);
  return { fields, end: at };
}

/** Nearly every commit is UTF-8 throughout: one look at the whole saves one look at every field. */
function chooseDecoder(head: Buffer, encoding: Buffer | undefined): (slice: Buffer) => string {
  if (isUtf8(head)) return (slice) => slice.toString('utf8');
  const declared = encoding?.toString('latin1').trim() ?? '';
  return (slice) => decodeText(slice, declared);
}

function requireSha(text: string): string {
  if (!shaPattern.test(text)) throw new MalformedEvent(`"${text.slice(0, 80)}" is no commit id`);
  return text;
}

function requireFilesState(text: string): FilesState {
  const state = filesStates.find((known) => known === text);
  if (state === undefined) throw new MalformedEvent(`"${text.slice(0, 80)}" does not say what is known of the files`);
  return state;
}

/** Git's raw date: seconds since 1970 and an offset whose last two digits are minutes. `null` when it is none. */
function readDate(text: string): { at: string; offsetMinutes: number } | null {
  const match = datePattern.exec(text);
  const instant = match === null ? Number.NaN : Number(match[1]) * 1000;
  if (match === null || !(instant >= instantMin && instant <= instantMax)) return null;
  const digits = Number(match[3]);
  const minutes = Math.min(Math.floor(digits / 100) * 60 + (digits % 100), offsetMinutesMax);
  return { at: new Date(instant).toISOString(), offsetMinutes: match[2] === '-' && minutes > 0 ? -minutes : minutes };
}

/** Git lets both be empty; a commit of nobody still counts. */
function toIdentity(name: string, email: string): IdentityRef {
  const identity: IdentityRef = {};
  const cleanName = cutTo(name.trim(), identityCharacters);
  const cleanEmail = cutTo(email.trim(), identityCharacters);
  if (cleanEmail !== '') identity.email = cleanEmail;
  if (cleanName !== '') identity.name = cleanName;
  else if (cleanEmail === '') identity.name = 'unknown';
  return identity;
}

/** One `Name <address>` a line. Without an address nobody can be credited; the author's own is no second credit. */
function readCoAuthors(lines: string, author: IdentityRef): IdentityRef[] {
  if (lines === '') return [];
  const seen = new Set([author.email?.toLowerCase()]);
  const found: IdentityRef[] = [];
  for (const line of lines.split('\n')) {
    const open = line.indexOf('<');
    const close = line.indexOf('>', open);
    if (open === -1 || close === -1) continue;
    const identity = toIdentity(line.slice(0, open), line.slice(open + 1, close));
    if (identity.email === undefined || seen.has(identity.email.toLowerCase())) continue;
    seen.add(identity.email.toLowerCase());
    found.push(identity);
  }
  return found;
}
