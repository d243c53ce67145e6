import type { BetterAuthOptions } from 'better-auth/types';
import { newId } from '@devpulse/db/ids';
import type { Logger } from '../../log.ts';
import type { Mailer } from '../../mail/mailer.ts';
import { hashPassword, isPassword } from '../hash-password.ts';
import { mailConfirmation, mailReset } from '../account-mails.ts';
import type { SignInEvents } from '../sign-in-events.ts';
import { shownAddress } from '../placeholder-address.ts';

/** Where the library's own addresses would lie; only the one that GitHub sends people back to is served. */
export const libraryPath = '/api/v1/auth';

/** Its cookies: what is under way for minutes, and which browsers are trusted. */
export const cookiePrefix = 'devpulse';

const days = 86_400;

export interface LibrarySettings {
  origin: string;
  secret: string;
  mailer: Mailer | null;
  log: Logger;
  events: SignInEvents;
}

/** Everything the library is told but for the store and its plug-ins. Its words for columns are ours in the store. */
export function libraryOptions(settings: LibrarySettings): BetterAuthOptions {
  const { mailer } = settings;
  return {
    appName: 'DevPulse',
    baseURL: settings.origin,
    basePath: libraryPath,
    secret: settings.secret,
    // Named so that no variable of the environment can replace it.
    secrets: [{ version: 1, value: settings.secret }],
    trustedOrigins: [settings.origin],
    telemetry: { enabled: false },
    rateLimit: { enabled: false },
    onAPIError: { errorURL: `${settings.origin}/` },
    logger: quietLogger(settings.log),
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: 10,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(password, hash) },
      revokeSessionsOnPasswordReset: true,
      onPasswordReset: ({ user }) => settings.events.passwordReset(user),
      resetPasswordTokenExpiresIn: 3600,
      ...(mailer === null
        ? {}
        : {
            sendResetPassword: async ({ user, token }) => {
              if (shownAddress(user.email) !== null)
                await mailReset({ mailer, to: user.email, origin: settings.origin, token });
            },
          }),
    },
    emailVerification: {
      sendOnSignUp: false,
      sendOnSignIn: false,
      expiresIn: days,
      afterEmailVerification: (user) => settings.events.happened(user.id, 'account.email_confirmed'),
      ...(mailer === null
        ? {}
        : {
            sendVerificationEmail: async ({ user, token }) => {
              if (shownAddress(user.email) !== null)
                await mailConfirmation({ mailer, to: user.email, origin: settings.origin, token });
            },
          }),
    },
    // Thirty days from the last use, which is noted by `touch_session` and not by the library.
    session: {
      ...tables.session,
      expiresIn: 30 * days,
      disableSessionRefresh: true,
      freshAge: days,
      additionalFields: { workspaceId: { type: 'string', required: false, input: false, fieldName: 'workspace_id' } },
    },
    user: tables.user,
    account: {
      ...tables.account,
      // A token with more rights must not give way to the one of a sign-in, which has fewer.
      updateAccountOnSignIn: false,
      // The address that is handed to the library is always one that GitHub confirmed, see `openProvider`.
      accountLinking: { enabled: true, trustedProviders: ['github'], allowDifferentEmails: true },
      additionalFields: { login: { type: 'string', required: false, input: false } },
    },
    verification: { ...tables.verification, storeIdentifier: 'hashed' },
    advanced: {
      cookiePrefix,
      useSecureCookies: false,
      database: { generateId: () => newId(), validateSchema: false },
      ipAddress: { ipAddressHeaders: ['x-devpulse-address'] },
    },
  };
}

const times = { createdAt: 'created_at', updatedAt: 'updated_at' };

const tables = {
  user: { fields: { emailVerified: 'email_verified', ...times } },
  session: {
    fields: { userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent', ...times },
  },
  account: {
    fields: {
      userId: 'user_id',
      providerId: 'provider_id',
      accountId: 'account_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...times,
    },
  },
  verification: {
    fields: { expiresAt: 'expires_at', ...times },
    additionalFields: { userId: { type: 'string', required: false, input: false, fieldName: 'user_id' } },
  },
} as const;

/** The names of the columns of its plug-ins. */
export const pluginSchemas = {
  twoFactor: {
    user: { fields: { twoFactorEnabled: 'two_factor_enabled' } },
    twoFactor: {
      modelName: 'two_factor',
      fields: {
        userId: 'user_id',
        backupCodes: 'backup_codes',
        failedVerificationCount: 'failed_verification_count',
        lockedUntil: 'locked_until',
      },
    },
  },
  passkey: {
    passkey: {
      fields: {
        userId: 'user_id',
        publicKey: 'public_key',
        credentialID: 'credential_id',
        deviceType: 'device_type',
        backedUp: 'backed_up',
        createdAt: 'created_at',
      },
    },
  },
} as const;

/** Its words go to our log without what it adds to them, which may be anything that a stranger sent. */
function quietLogger(log: Logger): NonNullable<BetterAuthOptions['logger']> {
  return {
    level: 'warn',
    log: (level, message) => {
      // "User not found", "Invalid password": what anybody can cause is no warning of ours.
      log[level === 'error' ? 'warn' : 'debug']({ part: 'sign-in' }, message.slice(0, 200));
    },
  };
}
