import { z } from 'zod';

const nameSchema = z.string().trim().min(1, 'A device has a name.').max(100, 'at most 100 characters');

// Sessions: what a browser has.

export const sessionEntrySchema = z
  .object({
    id: z.uuid(),
    name: z.string().nullable().describe('What its person called it'),
    browser: z.string().nullable().describe('As it said of itself when signing in'),
    system: z.string().nullable(),
    address: z.string().nullable().describe('Where the sign-in came from'),
    signedInAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().describe('To the minute'),
    endsAt: z.iso.datetime().describe('Unless it is used before: thirty days after the last use, at most 180 in all'),
    current: z.boolean().describe('The one that asks'),
  })
  .meta({ id: 'SessionEntry' });
export type SessionEntry = z.infer<typeof sessionEntrySchema>;

export const sessionListSchema = z.object({ sessions: z.array(sessionEntrySchema) }).meta({ id: 'SessionList' });
export type SessionList = z.infer<typeof sessionListSchema>;

export const renameSchema = z.strictObject({ name: nameSchema });

export const endOthersSchema = z
  .object({ sessions: z.number().int(), devices: z.number().int() })
  .meta({ id: 'EndedSignIns', description: 'How many were ended; the session that asked goes on' });
export type EndedSignIns = z.infer<typeof endOthersSchema>;

// Devices: what a program on somebody's machine has.

export const deviceSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    system: z.string().describe('As it said of itself when pairing'),
    program: z.string(),
    address: z.string().describe('Where it asked to be paired from'),
    workspace: z.object({ id: z.uuid(), name: z.string() }).describe('The one it acts in'),
    hasKey: z.boolean().describe('true: its refresh tokens are worth nothing without the key it made'),
    pairedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    endsAt: z.iso.datetime().describe('Then it must be paired again'),
    state: z
      .enum(['active', 'stopped'])
      .describe('stopped: a refresh token was used twice, as a thief would; it must be paired again'),
  })
  .meta({ id: 'Device' });
export type DeviceView = z.infer<typeof deviceSchema>;

export const deviceListSchema = z.object({ devices: z.array(deviceSchema) }).meta({ id: 'DeviceList' });
export type DeviceList = z.infer<typeof deviceListSchema>;

// Pairing.

const plainLine = z
  .string()
  .trim()
  .max(100)
  // Whoever approves reads this: nothing in it may hide or turn text around.
  .refine((text) => !/[\p{C}\p{Zl}\p{Zp}]/u.test(text), 'only printable characters');

export const startPairingSchema = z.strictObject({
  name: plainLine.min(1).describe('What the device calls itself, such as its host name'),
  system: plainLine.default('').describe('For example `macOS 26`'),
  program: plainLine.default('').describe('For example `devpulse-desktop 1.2`'),
  publicKey: z
    .string()
    .regex(/^[\w-]{43}$/, 'must be 32 bytes in base64url')
    .optional()
    .describe('An Ed25519 key of the device, 32 bytes in base64url. Each refresh must then carry its signature'),
});
export type StartPairing = z.input<typeof startPairingSchema>;

export const startedPairingSchema = z
  .object({
    deviceCode: z.string().describe('For the device alone; it asks with it whether somebody approved'),
    userCode: z.string().describe('For the person, who types it or compares it'),
    verificationUri: z.string(),
    verificationUriComplete: z.string().describe('The same with the code behind the #, which no log ever sees'),
    expiresInSeconds: z.number().int(),
    intervalSeconds: z.number().int().describe('How long to wait between two questions'),
  })
  .meta({ id: 'StartedPairing' });
export type StartedPairing = z.infer<typeof startedPairingSchema>;

export const claimPairingSchema = z.strictObject({
  deviceCode: z.string().regex(/^[\w-]{43}$/, 'is no device code'),
});

export const refreshSchema = z.strictObject({
  refreshToken: z.string().min(1).max(200),
  signature: z
    .string()
    .regex(/^[\w-]{86}$/, 'must be 64 bytes in base64url')
    .optional()
    .describe('Of the refresh token, by the key of the device; needed where it paired with one'),
});

export const deviceTokensSchema = z
  .object({
    accessToken: z.string().describe('A JWT; send it as `Authorization: Bearer <token>`'),
    tokenType: z.literal('Bearer'),
    expiresInSeconds: z.number().int(),
    refreshToken: z.string().describe('Counts once; the answer to a refresh holds the next one'),
    deviceId: z.uuid(),
    workspaceId: z.uuid(),
    endsAt: z.iso.datetime().describe('Then no refresh helps any more, and the device must be paired again'),
  })
  .meta({ id: 'DeviceTokens' });
export type DeviceTokens = z.infer<typeof deviceTokensSchema>;

export const userCodeSchema = z.strictObject({
  userCode: z.string().trim().min(1).max(40).describe('Case and hyphens do not matter'),
});
export const approvePairingSchema = userCodeSchema.extend({
  name: nameSchema.optional().describe('Another name than the one the device gave itself'),
});

export const pairingSchema = z
  .object({
    name: z.string(),
    system: z.string(),
    program: z.string(),
    address: z.string().describe('Where the device asked from'),
    hasKey: z.boolean(),
    askedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    state: z.enum(['waiting', 'approved', 'denied']),
  })
  .meta({ id: 'Pairing' });
export type PairingView = z.infer<typeof pairingSchema>;

export const jwksSchema = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal('OKP'),
        crv: z.literal('Ed25519'),
        alg: z.literal('EdDSA'),
        use: z.literal('sig'),
        kid: z.string(),
        x: z.string(),
      }),
    ),
  })
  .meta({ id: 'KeySet' });
export type KeySet = z.infer<typeof jwksSchema>;
