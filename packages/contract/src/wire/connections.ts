import { z } from 'zod';

const numberSchema = z.string().regex(/^\d{1,20}$/);

export const connectionStates = [
  'unchecked',
  'ok',
  'dead',
  'narrowed',
  'sso',
  'suspended',
  'removed',
  'expired',
  'disconnected',
] as const;
export type ConnectionState = (typeof connectionStates)[number];

const grantSchema = z.object({
  name: z.string(),
  reason: z.string().describe('What DevPulse needs it for'),
  required: z.boolean().describe('Nothing works without it'),
  granted: z.enum(['yes', 'no', 'unknown']).describe('unknown: GitHub does not say, and asking would change something'),
});

export const connectionSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['oauth', 'token', 'app']),
    form: z.enum(['oauth', 'app user', 'classic', 'fine-grained', 'installation']),
    host: z.string(),
    account: z.object({ number: numberSchema, login: z.string(), type: z.string() }),
    personId: z.uuid().nullable().describe('Whose grant it is; null for an installation of the App'),
    mine: z.boolean(),
    state: z.enum(connectionStates),
    message: z.string().describe('How it is, and the way back'),
    help: z.string().nullable().describe('A page at GitHub on which it can be mended'),
    since: z.iso.datetime().describe('In this state since'),
    isReading: z.boolean().describe('Whether sources can be read with it'),
    grants: z.array(grantSchema),
    expiresAt: z.iso.datetime().nullable(),
    checkedAt: z.iso.datetime().nullable(),
    lastGoodAt: z.iso.datetime().nullable().describe('When one of its sources was last read to the end'),
    sources: z.number().int().describe('Repositories that are read with it'),
    installation: z
      .object({ number: numberSchema, repositories: z.enum(['all', 'selected']), url: z.string() })
      .nullable(),
  })
  .meta({ id: 'Connection' });
export type ConnectionView = z.infer<typeof connectionSchema>;

export const connectionListSchema = z
  .object({
    connections: z.array(connectionSchema),
    ways: z
      .object({
        host: z.string(),
        oauth: z.boolean().describe('Whether a browser can be sent to GitHub'),
        app: z
          .object({ name: z.string(), slug: z.string(), installUrl: z.string() })
          .nullable()
          .describe('The GitHub App of this instance; null where there is none'),
        newTokenUrl: z.string().describe('Where a classic token with the right scopes is made'),
        newFineGrainedTokenUrl: z.string(),
        scopes: z.array(grantSchema.omit({ granted: true }).extend({ usual: z.boolean() })),
        permissions: z.array(grantSchema.omit({ granted: true }).extend({ access: z.enum(['read', 'write']) })),
      })
      .describe('How GitHub can be connected here'),
  })
  .meta({ id: 'ConnectionList' });
export type ConnectionList = z.infer<typeof connectionListSchema>;

export const startConnectionSchema = z.strictObject({
  scopes: z
    .array(z.string().regex(/^[a-z_:]{1,40}$/))
    .max(20)
    .optional()
    .describe('Names out of `ways.scopes`, asked for beside what the connection has already; left out: the usual ones'),
  connectionId: z.uuid().optional().describe('The connection that is to be renewed, or to be granted more'),
});

export const addTokenSchema = z.strictObject({
  token: z
    .string()
    .trim()
    .min(10)
    .max(2_000)
    .regex(/^[\w.-]+$/, 'holds characters that no token of GitHub has')
    .describe('Shown never again'),
  connectionId: z.uuid().optional().describe('The connection whose token it replaces'),
});

export const eraseConnectionSchema = z.strictObject({
  login: z.string().min(1).max(200).describe('The login of the connection, as a confirmation: there is no way back'),
});

export const disconnectedSchema = z
  .object({
    kept: z.string().describe('What stays, in words'),
    revoked: z.boolean().describe('Whether GitHub took the grant back'),
    left: z.string().nullable().describe('What is to be done at GitHub by hand'),
  })
  .meta({ id: 'DisconnectedConnection' });

export const reachedRepositorySchema = z
  .object({
    number: numberSchema,
    fullName: z.string(),
    owner: z.string(),
    isPrivate: z.boolean(),
    isFork: z.boolean(),
    isArchived: z.boolean(),
    defaultBranch: z.string().nullable(),
    pushedAt: z.iso.datetime().nullable(),
    seenAt: z.iso.datetime(),
    state: z.enum(['there', 'archived', 'unreachable', 'deleted', 'excluded']),
    message: z.string().nullable().describe('What became of it, and what that means'),
    sourceId: z.uuid().nullable().describe('The source it is read as; null where it is not watched'),
    sourceState: z.string().nullable(),
  })
  .meta({ id: 'ReachedRepository' });
export type ReachedRepository = z.infer<typeof reachedRepositorySchema>;

export const reachQuerySchema = z.strictObject({
  search: z.string().trim().max(200).optional().describe('Part of the name'),
  owner: z.string().max(100).optional(),
  only: z.enum(['watched', 'unwatched']).optional(),
  cursor: z.string().max(400).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export const reachListSchema = z
  .object({
    repositories: z.array(reachedRepositorySchema),
    total: z.number().int().describe('That match, on all pages'),
    owners: z.array(z.string()),
    listedAt: z.iso.datetime().nullable().describe('When GitHub was last asked; null: not yet'),
    next: z.string().nullable(),
  })
  .meta({ id: 'ReachedRepositories' });
export type ReachList = z.infer<typeof reachListSchema>;

export const refreshedReachSchema = z
  .object({
    reached: z.number().int(),
    added: z.number().int(),
    renamed: z.number().int(),
    gone: z.number().int(),
    organisations: z.number().int(),
  })
  .meta({ id: 'RefreshedReach' });

const numbersSchema = z.array(numberSchema).min(1).max(500);
export const watchSchema = z.strictObject({
  numbers: numbersSchema.describe('Numbers of repositories that the connection reaches'),
  branches: z.enum(['all', 'default']).default('default'),
  history: z
    .enum(['quarter', 'year', 'all'])
    .optional()
    .describe('How far back they are read; left out: a year, or as it was chosen before'),
});
export const unwatchSchema = z.strictObject({ numbers: numbersSchema });
export const watchedSchema = z
  .object({
    sourceIds: z.array(z.uuid()),
    known: z.number().int().describe('How many of them were watched already'),
  })
  .meta({ id: 'WatchedRepositories' });
export const unwatchedSchema = z
  .object({ unwatched: z.number().int(), kept: z.string().describe('What stays, in words') })
  .meta({ id: 'UnwatchedRepositories' });

export const organisationSchema = z
  .object({
    number: numberSchema,
    login: z.string(),
    included: z.boolean(),
    ssoUrl: z.string().nullable().describe('Where the grant is authorised for single sign-on, which it needs'),
    repositories: z.number().int(),
    watched: z.number().int(),
  })
  .meta({ id: 'ConnectedOrganisation' });
export const organisationListSchema = z
  .object({ organisations: z.array(organisationSchema) })
  .meta({ id: 'ConnectedOrganisations' });
export type OrganisationView = z.infer<typeof organisationSchema>;
export const includeOrganisationSchema = z.strictObject({ included: z.boolean() });

export const linkedAccountsSchema = z
  .object({
    accounts: z.array(
      z.object({
        connectionId: z.uuid(),
        host: z.string(),
        number: numberSchema,
        login: z.string(),
        state: z.enum(connectionStates),
        identityId: z
          .uuid()
          .nullable()
          .describe('The author that stands for it in numbers; null while nothing of it was read'),
      }),
    ),
  })
  .meta({ id: 'LinkedAccounts', description: 'One’s own GitHub accounts; the same event is never counted twice' });
export type LinkedAccounts = z.infer<typeof linkedAccountsSchema>;

export const githubAppSchema = z
  .object({
    app: z
      .object({
        number: numberSchema,
        slug: z.string(),
        name: z.string(),
        url: z.string(),
        installUrl: z.string(),
        owner: z.string(),
        hasWebhookSecret: z.boolean(),
        hasClient: z.boolean().describe('Whether people can connect their accounts through it'),
        missing: z.array(z.string()).describe('Permissions that it lacks'),
        createdAt: z.iso.datetime(),
      })
      .nullable(),
    webhookUrl: z.string().nullable().describe('Where GitHub delivers to; null: this instance has no public address'),
  })
  .meta({ id: 'GithubAppOfInstance' });
export type GithubAppView = z.infer<typeof githubAppSchema>;

export const startManifestSchema = z.strictObject({
  organisation: z
    .string()
    .regex(/^[\w-]{1,100}$/)
    .optional()
    .describe('Whose App it is to be; left out: your own'),
  name: z
    .string()
    .trim()
    .min(1)
    .max(34)
    .default('DevPulse')
    .describe('GitHub knows each name once; it can be changed there'),
  isPublic: z
    .boolean()
    .default(false)
    .describe('Whether others than its owner can install it; several organisations need that'),
});
export const manifestFormSchema = z
  .object({
    action: z.string().describe('Where the form is posted to'),
    manifest: z.string().describe('The one field of the form'),
  })
  .meta({
    id: 'AppManifestForm',
    description: 'A form that the browser posts to GitHub; GitHub asks, and sends it back',
  });

export const pasteAppSchema = z.strictObject({
  number: numberSchema.describe('The App ID'),
  privateKey: z.string().min(100).max(20_000).describe('As PEM, as GitHub gave it'),
  webhookSecret: z.string().min(1).max(500).optional(),
  clientId: z.string().max(200).optional(),
  clientSecret: z.string().max(200).optional(),
});

export const installationSchema = z
  .object({
    number: numberSchema,
    account: z.object({ number: numberSchema, login: z.string(), type: z.string() }),
    repositories: z.enum(['all', 'selected']),
    state: z.enum(['ok', 'suspended', 'removed']),
    url: z.string(),
    claim: z.enum(['free', 'here', 'elsewhere']).describe('Whether a workspace has it; only one can'),
    connectionId: z.uuid().nullable(),
  })
  .meta({ id: 'GithubInstallation' });
export const installationListSchema = z
  .object({ installations: z.array(installationSchema), installUrl: z.string() })
  .meta({ id: 'GithubInstallations' });
export type InstallationView = z.infer<typeof installationSchema>;
