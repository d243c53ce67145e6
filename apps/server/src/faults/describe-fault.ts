import { AppError } from '@devpulse/contract/errors';
import { stableId } from '@devpulse/db/ids';
import { findPlace } from './find-place.ts';
import type { FaultReport } from './fault-recorder.ts';
import { hideContent, hideQuotations, quotesData } from './hide-content.ts';

/** Which fault it is: what stays the same however often it is seen. */
export interface FaultIdentity {
  id: string;
  errorClass: string;
  code: string | null;
  place: string;
}

const causesRead = 4;
const messageMax = 1000;
const stackMax = 8000;

/** Tells faults apart by the class of the error, its code and the place in our code; without one, by where it came up. */
export function identifyFault({ error, origin }: FaultReport): FaultIdentity {
  const chain = chainOf(error);
  const errorClass = hideContent(classOf(chain[0])).slice(0, 100);
  const code = chain.map(codeOf).find((each) => each !== null) ?? null;
  const place = chain.map((each) => findPlace(stackOf(each))).find((each) => each !== null) ?? origin;
  return { id: stableId('fault', errorClass, code ?? '', place), errorClass, code, place };
}

/** What of an error may be kept: its words and its steps, without anybody's secrets and data. */
export function tellFault({ error }: FaultReport): { message: string; stack: string } {
  const chain = chainOf(error);
  const parts = chain.map((each, index) => {
    const head = index === 0 ? [] : [`caused by ${classOf(each)}: ${cleanMessage(each)}`];
    // The stack begins with the message, which was cleaned in its own way.
    const steps = stackOf(each)
      .split('\n')
      .filter((line) => /^\s+at /.test(line));
    return [...head, ...steps].join('\n');
  });
  return {
    message: cleanMessage(chain[0]).slice(0, messageMax).toWellFormed(),
    stack: hideContent(parts.join('\n')).slice(0, stackMax).toWellFormed(),
  };
}

/** What was thrown, then what caused it. An error of the catalogue only carries its cause to the door. */
function chainOf(thrown: unknown): unknown[] {
  const chain: unknown[] = [];
  let next = thrown instanceof AppError && thrown.cause !== undefined ? thrown.cause : thrown;
  while (chain.length < causesRead && !chain.includes(next)) {
    chain.push(next);
    if (!(next instanceof Error) || next.cause === undefined) break;
    next = next.cause;
  }
  return chain;
}

function classOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${error === null ? 'null' : typeof error}`;
  // The driver of PostgreSQL calls its class DatabaseError, and every one of its errors just "error".
  return /^error$/i.test(error.name) ? error.constructor.name : error.name;
}

function codeOf(error: unknown): string | null {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && /^[\w.-]{1,60}$/.test(code) ? code : null;
}

function stackOf(error: unknown): string {
  return error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
}

function cleanMessage(error: unknown): string {
  const message = wordsOf(error instanceof Error ? error.message : error);
  return hideContent(quotesData(error) ? hideQuotations(message) : message);
}

function wordsOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  try {
    // As JSON, so that secrets are known by the names of their members.
    return JSON.stringify(thrown);
  } catch {
    return 'something that cannot be written down';
  }
}
