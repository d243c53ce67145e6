import { AppError } from '@devpulse/contract/errors';
import { TooManyAttempts } from '../too-many-attempts.ts';

/** An error of the library: a status and a code. */
interface LibraryError {
  statusCode: number;
  body?: { code?: string };
}

const again = 'Sign in again.';

// At most: the library does not say how much of it is over.
const lockSeconds = 15 * 60;

/** Its codes, in our words. Whatever is not here is a fault of ours. */
const meanings: Readonly<Record<string, () => AppError>> = {
  INVALID_EMAIL_OR_PASSWORD: () =>
    new AppError('unauthenticated', 'This is not the address and password of an account.'),
  INVALID_EMAIL: () => new AppError('unauthenticated', 'This is not the address and password of an account.'),
  INVALID_CODE: () => new AppError('unauthenticated', 'This is not the code of this moment.'),
  INVALID_BACKUP_CODE: () => new AppError('unauthenticated', 'This is no recovery code, or it was used before.'),
  INVALID_TWO_FACTOR_COOKIE: () => new AppError('forbidden', `The second step took longer than ten minutes. ${again}`),
  TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE: () => new AppError('forbidden', `Too many wrong codes. ${again}`),
  ACCOUNT_TEMPORARILY_LOCKED: () => new TooManyAttempts(lockSeconds),
  TOTP_NOT_ENABLED: () => new AppError('conflict', 'Two-factor sign-in is not being set up. Begin anew.'),
  TWO_FACTOR_NOT_ENABLED: () => new AppError('conflict', 'Two-factor sign-in is off.'),
  TOTP_ALREADY_ENABLED: () => new AppError('conflict', 'Two-factor sign-in is on already.'),
  INVALID_PASSWORD: () => wrong('password', 'is not your password'),
  PASSWORD_TOO_SHORT: () => wrong('password', 'at least 10 characters'),
  PASSWORD_TOO_LONG: () => wrong('password', 'at most 200 characters'),
  PASSWORD_ALREADY_SET: () =>
    new AppError('conflict', 'This account has a password; the present one is needed to change it.'),
  INVALID_TOKEN: () =>
    new AppError('forbidden', 'This link was used already, has expired, or was cut short. Ask for a new one.'),
  TOKEN_EXPIRED: () => new AppError('forbidden', 'This link has expired. Ask for a new one.'),
  USER_NOT_FOUND: () => new AppError('forbidden', 'This link is for an account that is not there any more.'),
  EMAIL_ALREADY_VERIFIED: () => new AppError('conflict', 'This address is confirmed already.'),
  SESSION_NOT_FRESH: () => new AppError('forbidden', `This needs a session that is younger than a day. ${again}`),
  CHALLENGE_NOT_FOUND: () => new AppError('forbidden', 'It took longer than five minutes. Begin anew.'),
  PASSKEY_NOT_FOUND: () => new AppError('unauthenticated', 'No account here knows this passkey.'),
  AUTHENTICATION_FAILED: () => new AppError('unauthenticated', 'This passkey could not be checked.'),
  FAILED_TO_VERIFY_REGISTRATION: () => new AppError('invalid_request', 'This passkey could not be checked.'),
  FAILED_TO_UNLINK_LAST_ACCOUNT: () =>
    new AppError('conflict', 'This is the only way to sign in to your account. Set a password first.'),
  ACCOUNT_NOT_FOUND: () => new AppError('not_found', 'You have no such connection.'),
};

function wrong(field: string, message: string): AppError {
  return new AppError('invalid_request', `The ${field} ${message}.`, {
    problems: [{ path: `body.${field}`, message }],
  });
}

/** Asks the library, and says what went wrong in our words; with `field` a wrong code is a fault of that field. */
export async function asking<Answer>(answer: Promise<Answer>, field?: string): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    const code = isLibraryError(error) ? (error.body?.code ?? '') : '';
    if (field !== undefined && code === 'INVALID_CODE') throw wrong(field, 'is not the one of this moment');
    const meaning = meanings[code];
    if (meaning !== undefined) throw meaning();
    if (isLibraryError(error) && error.statusCode === 409)
      throw new AppError('conflict', 'The same was done elsewhere at this moment. Try again.');
    if (isLibraryError(error) && error.statusCode === 401)
      throw new AppError('unauthenticated', 'This session has ended; sign in again.');
    throw error;
  }
}

function isLibraryError(error: unknown): error is LibraryError {
  return typeof error === 'object' && error !== null && typeof (error as LibraryError).statusCode === 'number';
}
