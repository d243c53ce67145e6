/**
 * Every error the API can answer, in one place. `status` is HTTP's; `retry` tells a client whether the same request may
 * succeed later; `advice` says what to do next.
 */
export const errorCatalogue = {
  invalid_request: {
    status: 400,
    retry: false,
    title: 'The request is not valid',
    advice: 'Correct what `problems` names.',
  },
  malformed_body: {
    status: 400,
    retry: false,
    title: 'The body cannot be read',
    advice: 'Send valid UTF-8 and valid JSON or NDJSON.',
  },
  too_deep: { status: 400, retry: false, title: 'The body is nested too deeply', advice: 'Nest at most 64 levels.' },
  unauthenticated: {
    status: 401,
    retry: false,
    title: 'Who are you?',
    advice: 'Send `Authorization: Bearer <token>` with a valid token, or sign in.',
  },
  forbidden: {
    status: 403,
    retry: false,
    title: 'Not permitted',
    advice: 'Use a token with the scope named in `detail`, or do what it says.',
  },
  not_found: {
    status: 404,
    retry: false,
    title: 'There is no such thing',
    advice: 'Check the address; it may also not be yours to see.',
  },
  method_not_allowed: {
    status: 405,
    retry: false,
    title: 'This address does not take this method',
    advice: 'Use one of those in `Allow`.',
  },
  request_timeout: {
    status: 408,
    retry: true,
    title: 'The request took too long to arrive',
    advice: 'Send it faster, or in smaller pieces.',
  },
  conflict: {
    status: 409,
    retry: false,
    title: 'It clashes with what is there',
    advice: 'Read the present state and decide again.',
  },
  not_configured: {
    status: 409,
    retry: false,
    title: 'This is not set up here',
    advice: 'Do what `detail` says, or ask whoever runs this instance.',
  },
  pairing_pending: {
    status: 409,
    retry: true,
    title: 'Nobody has approved the device yet',
    advice: 'Ask again after the seconds in `Retry-After`.',
  },
  pairing_denied: {
    status: 403,
    retry: false,
    title: 'The device was denied',
    advice: 'Stop asking; start a new pairing if that was a mistake.',
  },
  pairing_expired: {
    status: 410,
    retry: false,
    title: 'The pairing has ended',
    advice: 'Start a new pairing.',
  },
  body_too_large: {
    status: 413,
    retry: false,
    title: 'The body is too large',
    advice: 'Send less at once; `detail` names the limit.',
  },
  too_many_items: {
    status: 413,
    retry: false,
    title: 'There are too many items',
    advice: 'Send at most 10,000 items a request.',
  },
  address_too_long: {
    status: 414,
    retry: false,
    title: 'The address is too long',
    advice: 'Shorten it; ids are at most 100 characters.',
  },
  unsupported_media_type: {
    status: 415,
    retry: false,
    title: 'This content type or encoding is not understood',
    advice: 'Send what `detail` names.',
  },
  too_many_requests: {
    status: 429,
    retry: true,
    title: 'Too many requests',
    advice: 'Try again after the seconds in `Retry-After`.',
  },
  headers_too_large: {
    status: 431,
    retry: false,
    title: 'The headers are too large',
    advice: 'Send at most 16 KiB of headers.',
  },
  internal: {
    status: 500,
    retry: true,
    title: 'A fault of ours',
    advice: 'Try again; if it stays, report the request id.',
  },
  mail_failed: {
    status: 502,
    retry: true,
    title: 'The mail server did not take it',
    advice: 'Try again; whoever runs this instance finds the reason in the log.',
  },
  source_failed: {
    status: 502,
    retry: true,
    title: 'The other service did not answer as it should',
    advice: 'Try again; if it stays, look whether that service has a fault.',
  },
  source_busy: {
    status: 503,
    retry: true,
    title: 'The other service asks us to wait',
    advice: 'Try again at the time in `detail`.',
  },
  store_damaged: {
    status: 500,
    retry: false,
    title: 'The store is damaged',
    advice: 'Whoever runs it stops DevPulse and restores a backup.',
  },
  busy: {
    status: 503,
    retry: true,
    title: 'Too much at once',
    advice: 'Try again after the seconds in `Retry-After`.',
  },
  store_unavailable: {
    status: 503,
    retry: true,
    title: 'The store does not answer',
    advice: 'Try again after the seconds in `Retry-After`.',
  },
  store_full: {
    status: 507,
    retry: true,
    title: 'The disk is full',
    advice: 'Free some space on the machine; nothing was accepted.',
  },
} as const;

export type ErrorCode = keyof typeof errorCatalogue;
export const errorCodes = Object.keys(errorCatalogue) as ErrorCode[];

/** One thing that is wrong, and where. */
export interface Problem {
  /** For example `query.from` or `items[3].key`. */
  path: string;
  message: string;
}

/** An error with a code of the catalogue; anything else that is thrown is a fault of ours and answered as `internal`. */
export class AppError extends Error {
  override name = 'AppError';
  readonly code: ErrorCode;
  readonly problems: Problem[];

  constructor(code: ErrorCode, detail: string, options: { problems?: Problem[]; cause?: unknown } = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.problems = options.problems ?? [];
  }
}
