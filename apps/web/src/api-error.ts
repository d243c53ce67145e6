import type { ProblemAnswer } from '@devpulse/contract/wire/problems';

/** Whatever kept an answer from us, in one shape: what happened, whether it may pass, and where each fault lies. */
export class ApiError extends Error {
  override name = 'ApiError';
  /** HTTP's status; 0 when no answer arrived at all. */
  readonly status: number;
  readonly code: ProblemAnswer['code'] | 'unreachable';
  readonly retry: boolean;
  readonly advice: string;
  readonly requestId: string | null;
  readonly problems: readonly { path: string; message: string }[];
  /** How long to wait before asking again, as the server said. */
  readonly retryAfterSeconds: number | null;

  constructor(problem: Partial<ProblemAnswer> & { detail: string }, retryAfterSeconds: number | null = null) {
    super(problem.detail);
    this.status = problem.status ?? 0;
    this.code = problem.code ?? (this.status === 0 ? 'unreachable' : 'internal');
    this.retry = problem.retry ?? true;
    this.advice = problem.advice ?? '';
    this.requestId = problem.requestId ?? null;
    this.problems = problem.problems ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /** The fault of one field, for example of `body.zone`. */
  faultOf(field: string): string | undefined {
    return this.problems.find(({ path }) => path === `body.${field}` || path.startsWith(`body.${field}.`))?.message;
  }
}

/** What to tell a person who waits for an answer. */
export function describeError(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return error instanceof Error ? `The page itself failed: ${error.message}` : 'The page itself failed.';
}
