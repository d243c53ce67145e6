import { type AppError, errorCatalogue } from '@devpulse/contract/errors';
import type { ProblemAnswer } from '@devpulse/contract/wire/problems';

export const problemType = 'application/problem+json';

/** Says an error as the API does. */
export function makeProblem(error: AppError, requestId: string): ProblemAnswer {
  const entry = errorCatalogue[error.code];
  return {
    type: `/docs#error-${error.code}`,
    title: entry.title,
    status: entry.status,
    code: error.code,
    detail: error.message,
    requestId,
    retry: entry.retry,
    advice: entry.advice,
    problems: error.problems,
  };
}

/** Headers that belong to an error. */
export function problemHeaders(error: AppError): Record<string, string> {
  const headers: Record<string, string> = {};
  const { status } = errorCatalogue[error.code];
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="devpulse"';
  // An embedded server is back within a second of a crash, an external one after a fail-over within some.
  if (status === 503) headers['retry-after'] = error.code === 'busy' ? '1' : '2';
  return headers;
}
