/**
 * Runs work that must end: after `maxSeconds`, or when one of the signals aborts, the promise rejects. Work that
 * ignores its signal goes on unheard.
 */
export async function runBounded(
  maxSeconds: number,
  signals: readonly AbortSignal[],
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const overrun = new AbortController();
  const timer = setTimeout(
    () => overrun.abort(new Error(`the run took longer than ${maxSeconds} s`)),
    maxSeconds * 1000,
  );
  const signal = AbortSignal.any([overrun.signal, ...signals]);
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  try {
    signal.throwIfAborted();
    await Promise.race([work(signal), aborted]);
  } finally {
    clearTimeout(timer);
  }
}
