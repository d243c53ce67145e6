import { AppError } from '@devpulse/contract/errors';

/** Too many attempts; says how many seconds to wait. */
export class TooManyAttempts extends AppError {
  readonly waitSeconds: number;

  constructor(waitSeconds: number) {
    super(
      'too_many_requests',
      `Too many attempts to sign in; the next one counts in ${Math.ceil(waitSeconds / 60)} minutes.`,
    );
    this.waitSeconds = waitSeconds;
  }
}
