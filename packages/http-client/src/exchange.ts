/** One question over HTTP and the whole of its answer. */
export interface Exchange {
  status: number;
  headers: Headers;
  body: Uint8Array<ArrayBuffer>;
}

/** No whole answer came: the connection failed, it took too long, it broke off. Trying again may help. */
export class ExchangeFailed extends Error {
  override name = 'ExchangeFailed';
  /** Known where the answer had begun. */
  readonly status: number | null;
  readonly retry: boolean;

  constructor(message: string, details: { status?: number; retry?: boolean; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.status = details.status ?? null;
    this.retry = details.retry ?? true;
  }
}

export interface ExchangeLimits {
  /** For the whole answer. */
  timeoutMs: number;
  /** For the body, unpacked. */
  bytesMax: number;
}

/** Asks once. Redirects are answers. Throws `ExchangeFailed`, and the signal's reason when that is what ended it. */
export async function exchange(
  fetch: typeof globalThis.fetch,
  url: URL,
  request: { method: string; headers: Record<string, string>; body?: string; signal?: AbortSignal },
  { timeoutMs, bytesMax }: ExchangeLimits,
): Promise<Exchange> {
  const { signal, ...init } = request;
  signal?.throwIfAborted();
  const timeout = AbortSignal.timeout(timeoutMs);
  const ends = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  let status: number | undefined;
  try {
    const response = await fetch(url, { ...init, redirect: 'manual', signal: ends });
    status = response.status;
    return { status, headers: response.headers, body: await readBody(response, bytesMax) };
  } catch (cause) {
    if (signal?.aborted === true) throw signal.reason;
    if (cause instanceof ExchangeFailed) throw cause;
    const details = status === undefined ? { cause } : { cause, status };
    if (timeout.aborted) throw new ExchangeFailed(`it gave no whole answer within ${timeoutMs / 1000} s`, details);
    throw new ExchangeFailed(
      status === undefined ? `it cannot be reached${nameCause(cause)}` : 'its answer broke off',
      details,
    );
  }
}

async function readBody(response: Response, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Counted as it comes: what a header says of the length need not be true, and packed data may be of any size.
  for await (const chunk of response.body ?? []) {
    length += chunk.byteLength;
    if (length > bytesMax) {
      const message = `its answer is larger than ${Math.round(bytesMax / 1024 / 1024)} MiB`;
      throw new ExchangeFailed(message, { status: response.status, retry: false });
    }
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

/** The code of the system, such as ECONNREFUSED: more than that could name what is not for everybody's eyes. */
function nameCause(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null;
  const code = cause instanceof Error && 'code' in cause ? cause.code : null;
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : '';
}
