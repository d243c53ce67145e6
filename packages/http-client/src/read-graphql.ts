import { SourceRefused } from '@devpulse/contract/source-client';
import type { Heard, Quota } from './governor.ts';
import { readSignOnPage } from './read-answer.ts';
import { isLimitMessage, readResetIn } from './read-limits.ts';

interface GraphqlError {
  type: string;
  message: string;
}

/** What an answer of GraphQL holds. A status of 200 says nothing about it. */
export interface GraphqlBody {
  data: unknown;
  errors: GraphqlError[];
  /** What the question cost and leaves, where it asked for that (`rateLimit { cost limit remaining resetAt }`). */
  rate: { cost: number | null; quota: Pick<Quota, 'limit' | 'left' | 'resetAt'> | null };
}

/** Null for what is no answer of GraphQL. */
export function readGraphql(json: unknown): GraphqlBody | null {
  if (!isRecord(json) || !('data' in json || 'errors' in json)) return null;
  const { errors: told } = json;
  const errors = told == null ? [] : (Array.isArray(told) ? told : [told]).map(readError);
  const data = json['data'] ?? null;
  return { data, errors, rate: readRate(isRecord(data) ? data['rateLimit'] : null) };
}

/** Adds what a body says of limits to what its headers say. */
export function hearGraphql(body: GraphqlBody, heard: Heard, clock: Date | null): Heard {
  const { quota } = body.rate;
  const told = quota === null ? null : { ...quota, resource: 'graphql', resetInMs: readResetIn(quota.resetAt, clock) };
  const known = heard.quota ?? told;
  if (heard.limited !== null || !body.errors.some(isLimitError)) return { ...heard, quota: known };
  // A question that costs more than is left is refused while something is left; then, too, the reset is to be waited for.
  const isPace = known === null || body.errors.some((error) => /secondary|abuse/i.test(error.message));
  return { quota: known, limited: { kind: isPace ? 'pace' : 'quota', retryAfterMs: null } };
}

/** Null for a whole answer. Half of one is refused, however much of it came: what is missing must not look deleted. */
export function refuseGraphql({ data, errors }: GraphqlBody, headers: Headers, what: string): SourceRefused | null {
  if (errors.length === 0 && data !== null) return null;
  const said = errors[0]?.message ?? 'no data';
  if (hasContent(data)) {
    return new SourceRefused('partial', `${what} gave only part of the answer: ${said}`, refusalDetails(headers));
  }
  if (errors.length > 0 && errors.every((error) => error.type === 'NOT_FOUND')) {
    return new SourceRefused('missing', `${what} has no such thing, or it is not ours to see: ${said}`, {
      status: 200,
    });
  }
  if (errors.length > 0 && errors.every(isDenial)) {
    return new SourceRefused('denied', `${what} does not let the credential do this: ${said}`, refusalDetails(headers));
  }
  return new SourceRefused('failed', `${what} could not answer: ${said}`, { status: 200 });
}

function refusalDetails(headers: Headers): { status: number; help?: string } {
  const help = readSignOnPage(headers);
  return help === null ? { status: 200 } : { status: 200, help };
}

function isLimitError(error: GraphqlError): boolean {
  return (
    error.type === 'RATE_LIMITED' || error.type === 'RATE_LIMIT' || (error.type === '' && isLimitMessage(error.message))
  );
}

function isDenial(error: GraphqlError): boolean {
  return (
    /^(FORBIDDEN|INSUFFICIENT_SCOPES|SAML)/.test(error.type) ||
    /SAML enforcement|not accessible by/i.test(error.message)
  );
}

/** Is there anything in it but nulls? What it says of its own cost does not count. */
function hasContent(data: unknown): boolean {
  if (Array.isArray(data)) return data.some(hasContent);
  if (!isRecord(data)) return data !== null && data !== undefined;
  return Object.entries(data).some(([name, value]) => name !== 'rateLimit' && hasContent(value));
}

function readError(error: unknown): GraphqlError {
  const { type, message } = isRecord(error) ? error : {};
  return {
    type: typeof type === 'string' ? type.slice(0, 100) : '',
    message:
      typeof message === 'string' ? message.replaceAll(/[\p{Cc}\s]+/gu, ' ').slice(0, 300) : 'an error without words',
  };
}

function readRate(rate: unknown): GraphqlBody['rate'] {
  if (!isRecord(rate)) return { cost: null, quota: null };
  const { limit, remaining, resetAt } = rate;
  const at = typeof resetAt === 'string' ? Date.parse(resetAt) : Number.NaN;
  const cost = readCount(rate['cost']);
  const [most, left] = [readCount(limit), readCount(remaining)];
  if (most === null || left === null) return { cost, quota: null };
  return { cost, quota: { limit: most, left, resetAt: Number.isNaN(at) ? null : Math.ceil(at / 1000) } };
}

function readCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
