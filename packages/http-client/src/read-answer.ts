import { SourceRefused } from '@devpulse/contract/source-client';
import { type Exchange, ExchangeFailed } from './exchange.ts';

const bodyless = [204, 205, 304];

/** What an answer says as JSON, and what its `message` is. */
export interface ReadBody {
  json: unknown;
  isJson: boolean;
  message: string;
}

/** Reads the body. What calls itself JSON and is cut off or broken is no answer: throws `ExchangeFailed`. */
export function readBody({ status, headers, body }: Exchange): ReadBody {
  const isJson = /[/+]json\b/i.test(headers.get('content-type') ?? '');
  if (!isJson || bodyless.includes(status) || body.byteLength === 0) return { json: undefined, isJson, message: '' };
  try {
    const json: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
    return { json, isJson, message: readMessage(json) };
  } catch (cause) {
    throw new ExchangeFailed('its answer is broken JSON', { status, cause });
  }
}

function readMessage(json: unknown): string {
  const message = typeof json === 'object' && json !== null && 'message' in json ? json.message : '';
  // It goes into logs and onto screens.
  return typeof message === 'string' ? message.replaceAll(/[\p{Cc}\s]+/gu, ' ').slice(0, 300) : '';
}

/** Is trying again worth it, after an answer that was not of limits? */
export function mayRetry(status: number): boolean {
  return status >= 500 || status === 408;
}

/**
 * What a status that is no answer means. Only a JSON body is the API's own word: a page of a proxy that says 401 or 404 does not
 * mean that a token is dead or a repository gone.
 */
export function refuse(answer: { status: number; headers: Headers; body: ReadBody; what: string }): SourceRefused {
  const { status, body, what } = answer;
  const said = body.message === '' ? '' : `: ${body.message}`;
  if (!body.isJson) {
    return new SourceRefused('failed', `${what} answered ${status} with something else than data.`, { status });
  }
  if (status === 401)
    return new SourceRefused('unauthenticated', `${what} does not accept the credential${said}`, { status });
  if (status === 403 || status === 451) return refuseAccess(answer, said);
  if (status === 404 || status === 410) {
    return new SourceRefused('missing', `${what} has no such thing, or it is not ours to see${said}`, { status });
  }
  return new SourceRefused('failed', `${what} answered ${status}${said}`, { status });
}

function refuseAccess(
  { status, headers, what }: { status: number; headers: Headers; what: string },
  said: string,
): SourceRefused {
  if (status === 451) return new SourceRefused('denied', `${what} has blocked it for legal reasons${said}`, { status });
  const help = readSignOnPage(headers);
  if (help !== null) {
    return new SourceRefused('denied', `${what} wants the credential authorised for single sign-on${said}`, {
      status,
      help,
    });
  }
  const wants = [
    nameList('scopes', headers.get('x-accepted-oauth-scopes')),
    nameList('permissions', headers.get('x-accepted-github-permissions')),
  ].filter((text) => text !== '');
  const wanted = wants.length === 0 ? '' : ` It wants ${wants.join(', or ')}.`;
  return new SourceRefused('denied', `${what} does not let the credential do this${said}${wanted}`, { status });
}

function nameList(noun: string, header: string | null): string {
  const text = header?.trim() ?? '';
  return /^[\w:=,;\s-]{1,200}$/.test(text) ? `one of the ${noun} ${text}` : '';
}

/** The page on which a person authorises a token for an organisation. */
export function readSignOnPage(headers: Headers): string | null {
  const [, address] = /required\s*;\s*url=([^\s;,]+)/i.exec(headers.get('x-github-sso') ?? '') ?? [];
  return address !== undefined && URL.canParse(address) && /^https?:/i.test(address) ? address : null;
}

/** The organisations, by number, of which an answer leaves things out because the token is not authorised there. */
export function readLeftOut(headers: Headers): string[] {
  const [, list] = /partial-results\s*;\s*organizations=([\d,]+)/i.exec(headers.get('x-github-sso') ?? '') ?? [];
  return (list ?? '').split(',').filter((id) => id !== '');
}
