import type { ProblemAnswer } from '@devpulse/contract/wire/problems';
import { ApiError } from './api-error.ts';
import { noteAnswer } from './reachability.ts';

type Query = Record<string, string | number | undefined>;

interface Request {
  query?: Query;
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** How long a question may stay open. */
  patienceMs?: number;
}

/** Asks the server; every refusal and every silence becomes an `ApiError`. */
export async function send<Answer>(method: string, path: string, request: Request = {}): Promise<Answer> {
  const response = await call(method, path, request);
  if (response.status === 204) return undefined as Answer;
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusal(response, answer);
  // A proxy's sign-in page and the like: not ours, whatever its status says.
  if (answer === null) throw new ApiError({ detail: 'Something that is not DevPulse answered.', retry: true });
  return answer as Answer;
}

/** A question that is still open after so long is given up: a browser has few lines to one server, and those would all be taken. */
const usualPatienceMs = 20_000;

async function call(method: string, path: string, request: Request): Promise<Response> {
  const { query, body, signal, patienceMs = usualPatienceMs } = request;
  // An act is never given up: nobody would know whether it was done.
  const patience = method === 'GET' ? AbortSignal.timeout(patienceMs) : undefined;
  const signals = [signal, patience].filter((one) => one !== undefined);
  try {
    const response = await fetch(path + writeQuery(query ?? {}), {
      method,
      credentials: 'same-origin',
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signals.length === 0 ? {} : { signal: AbortSignal.any(signals) }),
    });
    noteAnswer(true);
    return response;
  } catch (cause) {
    if (signal?.aborted === true) throw cause;
    noteAnswer(false);
    if (patience?.aborted === true)
      throw new ApiError({ detail: 'The server takes too long to answer.', advice: 'It may be busy; try again.' });
    throw new ApiError({ detail: 'The server does not answer.', advice: 'Look whether DevPulse is running.' });
  }
}

function refusal(response: Response, answer: unknown): ApiError {
  const after = Number(response.headers.get('retry-after'));
  const problem = isProblem(answer) ? answer : { detail: `The server answered ${response.status}.` };
  return new ApiError(
    { status: response.status, ...problem },
    Number.isFinite(after) && after > 0 ? Math.ceil(after) : null,
  );
}

function isProblem(answer: unknown): answer is ProblemAnswer {
  return typeof answer === 'object' && answer !== null && 'detail' in answer && 'code' in answer;
}

/** `?a=1&b=2` of what is there, or nothing. */
function writeQuery(query: Query): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined) params.set(key, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
