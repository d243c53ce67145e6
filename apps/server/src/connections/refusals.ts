import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';

/** What GitHub refused, as the answer to whoever asked us. */
export async function answeringRefusals<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof SourceRefused) throw toAppError(error);
    throw error;
  }
}

function toAppError(refusal: SourceRefused): AppError {
  const { kind, message, until } = refusal;
  if (kind === 'throttled') {
    const when = until === null ? 'Try again later.' : `Try again after ${until.toISOString().slice(11, 16)} UTC.`;
    return new AppError('source_busy', `GitHub asks us to wait. ${when}`, { cause: refusal });
  }
  if (kind === 'unauthenticated' || kind === 'denied') return new AppError('conflict', message, { cause: refusal });
  return new AppError('source_failed', message, { cause: refusal });
}
