import { type AskLane, SourceRefused } from '@devpulse/contract/source-client';
import type { Credential, CredentialSource } from './credentials.ts';
import { type Exchange, exchange, ExchangeFailed, type ExchangeLimits } from './exchange.ts';
import type { Governor, Heard, Resource } from './governor.ts';
import { type Moved, rememberMoves } from './moved-addresses.ts';
import { mayRetry, readBody, type ReadBody, refuse } from './read-answer.ts';
import { readLimits } from './read-limits.ts';
import { type Addresses, nameAddress, readAddress } from './resolve-address.ts';

/** One question, until it is answered or refused. */
export interface Question {
  method: string;
  url: URL;
  resource: Resource;
  /** See `Ask`. */
  cost: number;
  points: number;
  headers: Record<string, string>;
  body?: string;
  /** An answer that is no JSON is a page of somebody in between. */
  wantsJson: boolean;
  /** It names what the answer was known by before. */
  isConditional: boolean;
  allow: readonly number[];
  /** How often it may be asked when it breaks down: 1 for what must not be done twice. */
  triesMax: number;
  /** Adds what its body says of limits. */
  hear?: (body: ReadBody, heard: Heard, headers: Headers) => Heard;
}

/** A whole answer. */
export interface Answered extends Exchange {
  read: ReadBody;
  url: URL;
}

export interface AskerParts {
  /** What to call the source in messages. */
  what: string;
  lane: AskLane;
  workspaceId?: string;
  addresses: Addresses;
  credentials: CredentialSource;
  governor: Governor;
  limits: ExchangeLimits;
  fetch: typeof globalThis.fetch;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  signal?: AbortSignal;
  onMoved(moved: Moved): void;
}

export interface Asker {
  ask(question: Question): Promise<Answered>;
  /** Notes that a credential does not reach something, for whoever can mend it. */
  noteDenied(refusal: SourceRefused): Promise<void>;
}

interface Attempt {
  credential: Credential;
  heard: Heard | null;
  outcome: Answered | ExchangeFailed;
}

/** How far a question has come. */
interface Course {
  url: URL;
  tries: number;
  limited: number;
  hops: number;
  isRenewed: boolean;
  isForced: boolean;
}

interface Context {
  parts: AskerParts;
  moves: ReturnType<typeof rememberMoves>;
  /** What was refused once is not shown again: each request with a dead token counts against the address it comes from. */
  dead: { version: number; refusal: SourceRefused } | null;
  lastVersion: number;
}

const hopsMax = 5;
const limitedMax = 5;
const redirects = [301, 302, 307, 308];
const redirectsOfChanges = [307, 308];
const forGood = [301, 308];

/** Asks until there is an answer: takes turns, signs, follows redirects, tries again what may be tried again. */
export function openAsker(parts: AskerParts): Asker {
  const context: Context = { parts, moves: rememberMoves(parts.onMoved), dead: null, lastVersion: 0 };
  return {
    ask: async (question) => {
      const url = context.moves.apply(question.url);
      const course: Course = { url, tries: 0, limited: 0, hops: 0, isRenewed: false, isForced: false };
      for (;;) {
        const attempt = await attemptOnce(parts, question, course, await readCredential(context));
        const answer = await judge(context, question, course, attempt);
        if (answer !== null) return answer;
      }
    },
    noteDenied: async (refusal) => void (await parts.credentials.refused(context.lastVersion, refusal)),
  };
}

async function readCredential(context: Context): Promise<Credential> {
  const credential = await context.parts.credentials.read();
  if (context.dead?.version === credential.version) throw context.dead.refusal;
  context.lastVersion = credential.version;
  return credential;
}

/** Returns the answer, or null when it is to be asked again. */
async function judge(context: Context, question: Question, course: Course, attempt: Attempt): Promise<Answered | null> {
  const { parts } = context;
  const { outcome, heard, credential } = attempt;
  if (heard?.limited != null) {
    course.limited += 1;
    if (course.limited > limitedMax) throw new SourceRefused('throttled', `${parts.what} keeps asking us to wait.`);
  } else if (outcome instanceof ExchangeFailed) {
    await tryLater(parts, question, course, outcome);
  } else if (isRedirect(question, outcome)) {
    follow(context, course, outcome);
  } else if (outcome.status === 304) {
    if (question.isConditional) return outcome;
    meetUnasked(parts, course);
  } else if (isAnswer(question, outcome)) {
    if (outcome.read.json !== undefined || !question.wantsJson || isEmptyByRight(outcome)) return outcome;
    await tryLater(parts, question, course, new ExchangeFailed('it sent something else than data', outcome));
  } else if (mayRetry(outcome.status)) {
    await tryLater(parts, question, course, new ExchangeFailed(`it answered ${outcome.status}`, outcome));
  } else {
    await meetRefusal(context, course, credential.version, outcome);
  }
  return null;
}

function isAnswer({ allow }: Question, { status }: Answered): boolean {
  return (status >= 200 && status < 300) || allow.includes(status);
}

/** The older two of them would turn a change into a question. */
function isRedirect({ method }: Question, { status }: Answered): boolean {
  return (method === 'GET' ? redirects : redirectsOfChanges).includes(status);
}

/** Waits before the next try; throws when there is to be none. */
async function tryLater(parts: AskerParts, question: Question, course: Course, failure: ExchangeFailed): Promise<void> {
  course.tries += 1;
  if (!failure.retry || course.tries >= question.triesMax) {
    const status = failure.status === null ? {} : { status: failure.status };
    throw new SourceRefused('failed', `${parts.what} could not answer: ${failure.message}.`, {
      cause: failure,
      ...status,
    });
  }
  await parts.sleep(course.tries ** 2 * 1000 * (1 + Math.random() / 4), parts.signal);
}

function follow({ parts, moves }: Context, course: Course, { status, headers }: Answered): void {
  const target = readAddress(headers.get('location') ?? '', course.url);
  course.hops += 1;
  if (target === null || !parts.addresses.isOwn(target) || course.hops > hopsMax) {
    const where = course.hops > hopsMax ? 'in circles' : `to ${nameAddress(target)}`;
    throw new SourceRefused('failed', `${parts.what} led ${where}, which is not followed.`, { status });
  }
  if (forGood.includes(status)) moves.note(course.url, target);
  course.url = target;
}

/** Somebody in between says from memory that nothing changed, though there is nothing to compare with. */
function meetUnasked({ what }: AskerParts, course: Course): void {
  if (course.isForced)
    throw new SourceRefused('failed', `${what} says unchanged of what was never read.`, { status: 304 });
  course.isForced = true;
}

/** Throws, unless the credential is a newer one now. */
async function meetRefusal(context: Context, course: Course, version: number, answer: Answered): Promise<void> {
  const { credentials, what } = context.parts;
  const refusal = refuse({ status: answer.status, headers: answer.headers, body: answer.read, what });
  if (refusal.kind === 'denied') await credentials.refused(version, refusal);
  if (refusal.kind === 'unauthenticated') {
    const verdict = await credentials.refused(version, refusal);
    if (verdict === 'retry' && !course.isRenewed) {
      course.isRenewed = true;
      return;
    }
    context.dead = { version, refusal };
  }
  throw refusal;
}

/** Takes a turn, asks once, and gives the turn back with what was heard, before anybody acts on the answer. */
async function attemptOnce(
  parts: AskerParts,
  question: Question,
  course: Course,
  credential: Credential,
): Promise<Attempt> {
  const { resource, cost, points, method } = question;
  const { lane, workspaceId } = parts;
  const ask = {
    budget: credential.budget,
    resource,
    lane,
    cost,
    points,
    ...(workspaceId !== undefined && { workspaceId }),
  };
  const turn = await parts.governor.take(ask, parts.signal);
  const headers = { ...question.headers, authorization: credential.authorization };
  if (course.isForced) Object.assign(headers, { 'cache-control': 'no-cache' });
  const { signal } = parts;
  const request = { method, headers, ...(question.body === undefined ? {} : { body: question.body }) };
  let heard: Heard | null = null;
  try {
    const came = await exchange(parts.fetch, course.url, { ...request, ...(signal && { signal }) }, parts.limits);
    const read = readWhole(came);
    const failed = read instanceof ExchangeFailed;
    heard = readLimits({ status: came.status, headers: came.headers, message: failed ? '' : read.message, resource });
    if (failed) return { credential, heard, outcome: read };
    heard = question.hear?.(read, heard, came.headers) ?? heard;
    return { credential, heard, outcome: { ...came, read, url: course.url } };
  } catch (error) {
    if (error instanceof ExchangeFailed) return { credential, heard, outcome: error };
    throw error;
  } finally {
    await turn.end(heard);
  }
}

function readWhole(came: Exchange): ReadBody | ExchangeFailed {
  try {
    return readBody(came);
  } catch (error) {
    // Its headers are heard all the same.
    if (error instanceof ExchangeFailed) return error;
    throw error;
  }
}

function isEmptyByRight({ status, body }: Exchange): boolean {
  return body.byteLength === 0 && [202, 204, 205].includes(status);
}
