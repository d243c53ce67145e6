import { z } from 'zod';
import { githubScopeNames, type GithubScope } from '../github-scopes.ts';
import { zoneSchema } from '../zone.ts';
import { emailSchema, passwordSchema } from './session.ts';

/** What a browser hands to its authenticator and gets back from it; read by the standard's own rules, not by ours. */
const ceremonySchema = z.record(z.string(), z.unknown());

// At the door.

export const secondFactorSchema = z.strictObject({
  code: z.string().trim().min(6).max(40).describe('Six digits of the app, or a recovery code'),
  trust: z.boolean().default(false).describe('Ask this browser for no code for thirty days'),
});

export const passkeyOptionsSchema = ceremonySchema.meta({
  id: 'PasskeyOptions',
  description: 'Options of WebAuthn in JSON, as `PublicKeyCredential.parseRequestOptionsFromJSON` reads them',
});
export const passkeyProofSchema = z.strictObject({
  response: z
    .looseObject({ id: z.string().min(1).max(1400), response: ceremonySchema })
    .describe('What `PublicKeyCredential.toJSON` gives'),
});

export const startGithubSchema = z.strictObject({
  invitation: z
    .string()
    .min(20)
    .max(200)
    .optional()
    .describe('What stands behind the # of an invitation; without one no account is made'),
  zone: zoneSchema.optional().describe('Of the browser: in which the days of a new account are cut'),
});
export const elsewhereSchema = z
  .object({ url: z.url().describe('Where to send the browser') })
  .meta({ id: 'Elsewhere' });

export const forgottenSchema = z.strictObject({ email: emailSchema });
export const resetPasswordSchema = z.strictObject({
  token: z.string().min(10).max(200).describe('What stands behind the # of the mailed link'),
  password: passwordSchema,
});
export const confirmEmailSchema = z.strictObject({
  token: z.string().min(10).max(2000).describe('What stands behind the # of the mailed link'),
});

// Behind it.

const passkeySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    synced: z.boolean().describe('true: kept by a password manager or cloud; false: on one device'),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Passkey' });

const githubConnectionSchema = z
  .object({
    id: z.uuid(),
    login: z.string().nullable().describe('As it was at the last sign-in; null: given to somebody else since'),
    scopes: z.array(z.string()).describe('What was granted'),
    connectedAt: z.iso.datetime(),
  })
  .meta({ id: 'GithubConnection' });

export const signInMeansSchema = z
  .object({
    email: z.string().nullable(),
    emailConfirmed: z.boolean(),
    hasPassword: z.boolean(),
    twoFactor: z.object({
      on: z.boolean(),
      recoveryCodesLeft: z.number().int().nullable().describe('null while it is off'),
    }),
    passkeys: z.array(passkeySchema),
    github: z.array(githubConnectionSchema),
    offers: z.object({ github: z.boolean(), mail: z.boolean() }),
  })
  .meta({ id: 'SignInMeans' });
export type SignInMeans = z.infer<typeof signInMeansSchema>;

const currentPassword = z.string().min(1).max(200);

export const changePasswordSchema = z.strictObject({
  current: currentPassword.optional().describe('Needed where there is one'),
  password: passwordSchema,
});
export const changeEmailSchema = z.strictObject({
  email: emailSchema,
  password: currentPassword.optional().describe('Needed where there is one'),
});
export const byPasswordSchema = z.strictObject({ password: currentPassword });
export const startedTwoFactorSchema = z
  .object({
    uri: z.string().describe('For a QR code that an authenticator app reads'),
    secret: z.string().describe('The same to be typed, in base32'),
    recoveryCodes: z.array(z.string()).describe('Each signs in once; shown this once'),
  })
  .meta({ id: 'StartedTwoFactor' });
export type StartedTwoFactor = z.infer<typeof startedTwoFactorSchema>;
export const confirmTwoFactorSchema = z.strictObject({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, 'six digits'),
});
export const recoveryCodesSchema = z.object({ recoveryCodes: z.array(z.string()) }).meta({ id: 'RecoveryCodes' });

const passkeyNameSchema = z.string().trim().min(1, 'A passkey has a name.').max(100, 'at most 100 characters');
export const addPasskeySchema = passkeyProofSchema.extend({ name: passkeyNameSchema });
export const renamePasskeySchema = z.strictObject({ name: passkeyNameSchema });
export const byIdSchema = z.object({ id: z.uuid().toLowerCase() });

export const connectGithubSchema = z.strictObject({
  scopes: z
    .array(z.enum(githubScopeNames as [GithubScope, ...GithubScope[]]))
    .max(githubScopeNames.length)
    .default([])
    .describe('What a feature needs beyond signing in; GitHub asks its person'),
});
