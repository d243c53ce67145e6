import { homedir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { parseDatabaseUrl } from '@devpulse/db/connection';
import { defaultDataDir } from '@devpulse/db/embedded/default-data-dir';
import { networkSettings } from './config-network.ts';
import { notes, type VariableNotes, yesNoSchema } from './config-notes.ts';

/** What a process can be; one process can be all of them. */
export const roles = ['api', 'worker', 'scheduler'] as const;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

const portSchema = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a whole number from 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'must be a whole number from 0 to 65535');

const configSchema = z.object({
  port: portSchema.default(3000).register(notes, {
    variable: 'PORT',
    flag: '--port',
    description: 'Port to listen on; 0 takes any free one and says which.',
    example: '3000',
    defaultText: '3000',
  }),
  host: z
    .string()
    .regex(/^[\w.:-]+$/, 'must be an address or name of this machine')
    .default('127.0.0.1')
    .register(notes, {
      variable: 'DEVPULSE_HOST',
      flag: '--host',
      description:
        'Address to listen on. Anything but loopback is reachable by others and needs a certificate, a trusted proxy, or ' +
        'DEVPULSE_ALLOW_PLAIN_HTTP.',
      example: '0.0.0.0',
      defaultText: '127.0.0.1',
    }),
  ...networkSettings,
  dataDir: z
    .string()
    .transform((folder) => path.resolve(folder))
    .optional()
    .register(notes, {
      variable: 'DEVPULSE_DATA',
      flag: '--data',
      description: 'Folder that holds the embedded PostgreSQL, backups and everything else that must last.',
      example: '/srv/devpulse',
      defaultText: '/var/lib/devpulse as root on Unix, else the user’s own folder for application data',
    }),
  gitRoots: z
    .string()
    .transform((text) => text.split(path.delimiter).filter((folder) => folder.trim() !== ''))
    .pipe(
      z
        .array(z.string().refine((folder) => path.isAbsolute(folder), 'must hold absolute paths only'))
        .min(1, 'must name a folder'),
    )
    .transform((folders) => folders.map((folder) => path.resolve(folder)))
    .default(() => [homedir()])
    .register(notes, {
      variable: 'DEVPULSE_GIT_ROOTS',
      description:
        'Folders below which the web and the API may look for git repositories, separated as in PATH. ' +
        'The command line may import from anywhere.',
      example: '/home/ada/code:/srv/git',
      defaultText: 'the home folder of the user who runs the program',
    }),
  databaseUrl: z
    .string()
    .superRefine((text, context) => {
      const fault = findDatabaseUrlFault(text);
      if (fault !== null) context.addIssue(fault);
    })
    .optional()
    .register(notes, {
      variable: 'DATABASE_URL',
      description:
        'An external PostgreSQL 15 or newer, signed in as the owner of the database; the embedded one is not started then.',
      example: 'postgres://devpulse:password@db.example.org:5432/devpulse',
      defaultText: 'none: the embedded PostgreSQL',
      secret: true,
    }),
  key: z
    .string()
    .regex(/^[\w+/=-]+(,[\w+/=-]+)*$/, 'must be 32 bytes in base64')
    .optional()
    .register(notes, {
      variable: 'DEVPULSE_KEY',
      description:
        'The master key for secrets in the store, 32 bytes in base64. Several, separated by commas: the first is used, ' +
        'the others still open.',
      // In base64: made-by-openssl-rand--base64-32-; refused as a key, since everybody knows it.
      example: 'bWFkZS1ieS1vcGVuc3NsLXJhbmQtLWJhc2U2NC0zMi0=',
      defaultText: 'none: made at the first start, in the file master-key of the data folder',
      secret: true,
    }),
  keyFile: z
    .string()
    .transform((file) => path.resolve(file))
    .optional()
    .register(notes, {
      variable: 'DEVPULSE_KEY_FILE',
      description: 'A file that holds the master key, or several, instead of DEVPULSE_KEY.',
      example: '/run/secrets/devpulse-key',
      defaultText: 'none',
    }),
  redisUrl: z
    .string()
    .regex(/^rediss?:\/\/[^\s]+$/, 'must begin with redis:// or rediss://')
    .refine((text) => URL.canParse(text), 'is not an address')
    .optional()
    .register(notes, {
      variable: 'REDIS_URL',
      description: 'A Redis that carries jobs between several processes; it never holds the only copy of anything.',
      example: 'redis://redis.example.org:6379',
      defaultText: 'none: PostgreSQL carries the jobs',
      secret: true,
    }),
  workspace: z
    .string()
    .regex(/^[a-zA-Z0-9-]{2,40}$/, 'must be the address of a workspace, or its id')
    .optional()
    .register(notes, {
      variable: 'DEVPULSE_WORKSPACE',
      flag: '--workspace',
      description: 'The workspace that a command is about, by its address or id. The server serves all of them.',
      example: 'rocket-team',
      defaultText: 'the one whose owners look after the instance',
    }),
  publicUrl: z
    .string()
    .transform((text) => text.replace(/\/+$/, ''))
    .refine(isOrigin, 'must be http:// or https:// and a host, without a path')
    .optional()
    .register(notes, {
      variable: 'DEVPULSE_URL',
      description:
        'The address under which people open DevPulse. Links in mails begin with it, and GitHub sends people back to it.',
      example: 'https://devpulse.example.org',
      defaultText: 'none: the address that each request came to; mail needs one',
    }),
  githubUrl: z
    .string()
    .transform((text) => text.replace(/\/+$/, ''))
    .refine((text) => URL.canParse(text), 'is not an address')
    .default('https://github.com')
    .register(notes, {
      variable: 'GITHUB_BASE_URL',
      description: 'The GitHub that people sign in with; another one for GitHub Enterprise.',
      example: 'https://github.example.org',
      defaultText: 'https://github.com',
    }),
  githubApiUrl: z
    .string()
    .transform((text) => text.replace(/\/+$/, ''))
    .refine((text) => URL.canParse(text), 'is not an address')
    .default('https://api.github.com')
    .register(notes, {
      variable: 'GITHUB_API_URL',
      description: 'Its API; GitHub Enterprise has it below /api/v3.',
      example: 'https://github.example.org/api/v3',
      defaultText: 'https://api.github.com',
    }),
  githubClientId: z.string().max(200).optional().register(notes, {
    variable: 'GITHUB_CLIENT_ID',
    description: 'The client id of the OAuth app that people sign in to DevPulse with. Needs GITHUB_CLIENT_SECRET.',
    example: 'Ov23liAbCdEfGhIjKlMn',
    defaultText: 'none: no signing in with GitHub',
  }),
  githubClientSecret: z.string().max(200).optional().register(notes, {
    variable: 'GITHUB_CLIENT_SECRET',
    description: 'The client secret of the same OAuth app.',
    example: 'as shown once by GitHub',
    defaultText: 'none',
    secret: true,
  }),
  smtpUrl: z
    .string()
    .regex(/^smtps?:\/\/[^\s]+$/, 'must begin with smtp:// or smtps://')
    .refine((text) => URL.canParse(text), 'is not an address')
    .optional()
    .register(notes, {
      variable: 'SMTP_URL',
      description:
        'The server that mail is handed to: password resets, confirmations of addresses, invitations. Needs MAIL_FROM and DEVPULSE_URL.',
      example: 'smtps://devpulse:password@mail.example.org:465',
      defaultText: 'none: nothing is mailed, and the screens say what to do instead',
      secret: true,
    }),
  mailFrom: z
    .string()
    .regex(/^[^<>\r\n]*<?[^\s<>@]+@[^\s<>@]+>?$/, 'must hold an e-mail address')
    .optional()
    .register(notes, {
      variable: 'MAIL_FROM',
      description: 'Whom mails come from.',
      example: 'DevPulse <devpulse@example.org>',
      defaultText: 'none',
    }),
  roles: z
    .string()
    .transform((text) => text.split(',').map((role) => role.trim()))
    .pipe(z.array(z.enum(roles, `must be a list of ${roles.join(', ')}`)).min(1))
    .default([...roles])
    .register(notes, {
      variable: 'DEVPULSE_ROLES',
      flag: '--roles',
      description:
        'What this process does, separated by commas: api serves, worker reads and counts, scheduler starts what is due.',
      example: 'api,worker',
      defaultText: 'api,worker,scheduler',
    }),
  demo: yesNoSchema.default(false).register(notes, {
    variable: 'DEVPULSE_DEMO',
    flag: '--demo',
    isSwitch: true,
    description: 'Makes a year of made-up data at the start, in a workspace of its own; it stays until it is removed.',
    example: 'true',
    defaultText: 'false',
  }),
  logLevel: z
    .enum(logLevels, `must be one of ${logLevels.join(', ')}`)
    // Whoever starts it by hand wants to read what it says, not a line of JSON for each request.
    .default(() => (process.stdout.isTTY ? 'warn' : 'info'))
    .register(notes, {
      variable: 'LOG_LEVEL',
      description: 'How much is logged, one JSON object a line on standard output.',
      example: 'debug',
      defaultText: 'info; warn where standard output is a terminal',
    }),
});

/** Everything that can be set from outside; passed on from here, read nowhere else. */
export type Config = z.infer<typeof configSchema> & { dataDir: string };

/** A setting that cannot be used; the message is one line and never holds a secret. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** One variable as the reference shows it. */
export interface VariableEntry {
  variable: string;
  flag: string | null;
  description: string;
  example: string;
  defaultText: string;
  secret: boolean;
}

/** Every variable with what the reference says of it. */
export function describeConfig(): VariableEntry[] {
  return fields().map(([, note]) => ({
    variable: note.variable,
    flag: note.flag ?? null,
    description: note.description,
    example: note.example,
    defaultText: note.defaultText,
    secret: note.secret ?? false,
  }));
}

/**
 * Takes the flags that are settings out of a command line; the rest belongs to the command.
 * @example takeConfigFlags(['import', '--data=/srv/devpulse', '.']) // { flags: { '--data': '/srv/devpulse' }, rest: ['import', '.'] }
 */
export function takeConfigFlags(argv: readonly string[]): { flags: Record<string, string>; rest: string[] } {
  const known = new Set(fields().flatMap(([, note]) => note.flag ?? []));
  const switches = new Set(fields().flatMap(([, note]) => (note.isSwitch === true ? (note.flag ?? []) : [])));
  const flags: Record<string, string> = {};
  const rest: string[] = [];
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    const [name = '', ...inline] = word.split('=');
    if (word === '--') {
      rest.push(...argv.slice(index));
      break;
    }
    if (!known.has(name)) {
      rest.push(word);
    } else if (inline.length > 0) {
      flags[name] = inline.join('=');
    } else if (switches.has(name)) {
      flags[name] = 'true';
    } else {
      index += 1;
      flags[name] = argv[index] ?? '';
    }
    const value = flags[name];
    if (value === '' || value?.startsWith('--') === true)
      throw new ConfigError(`${name}: has no value, for example ${exampleOf(name)}`);
  }
  return { flags, rest };
}

/** Reads flags and environment once; a flag wins over its variable, and a blank variable counts as not set. */
export function readConfig(argv: readonly string[], env: Record<string, string | undefined>): Config {
  const { flags, rest } = takeConfigFlags(argv);
  if (rest.length > 0) throw new ConfigError(`${rest[0]}: is not a setting of DevPulse, for example --port 3000`);
  const given: Record<string, string> = {};
  const names: Record<string, string> = {};
  for (const [field, note] of fields()) {
    const flag = note.flag === undefined ? undefined : flags[note.flag];
    const value = flag ?? (env[note.variable]?.trim() || undefined);
    names[field] = flag === undefined ? note.variable : (note.flag ?? note.variable);
    if (value !== undefined) given[field] = value.trim();
  }
  const result = configSchema.safeParse(given);
  if (result.success) refuseHalfSettings(result.data);
  if (result.success) return { ...result.data, dataDir: result.data.dataDir ?? usualDataDir(env) };
  const issue = result.error.issues[0];
  const field = String(issue?.path[0] ?? '');
  const note = new Map(fields()).get(field);
  const value = note?.secret === true ? '' : ` ${JSON.stringify((given[field] ?? '').slice(0, 60))}`;
  throw new ConfigError(
    `${names[field]}:${value} ${issue?.message ?? 'is not valid'}, for example ${note?.example ?? ''}`,
  );
}

/** Settings that are worth nothing without another one. */
function refuseHalfSettings(config: z.infer<typeof configSchema>): void {
  if ((config.githubClientId === undefined) !== (config.githubClientSecret === undefined))
    throw new ConfigError('GITHUB_CLIENT_ID: needs GITHUB_CLIENT_SECRET, and the other way round');
  if (config.smtpUrl === undefined) return;
  if (config.mailFrom === undefined)
    throw new ConfigError('SMTP_URL: needs MAIL_FROM, for example DevPulse <devpulse@example.org>');
  // A link in a mail must not begin with whatever host a stranger wrote into a request.
  if (config.publicUrl === undefined)
    throw new ConfigError('SMTP_URL: needs DEVPULSE_URL, for example https://devpulse.example.org');
}

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function usualDataDir(environment: Record<string, string | undefined>): string {
  return defaultDataDir({ platform: process.platform, isRoot: process.getuid?.() === 0, home: homedir(), environment });
}

function exampleOf(flag: string): string {
  return `${flag} ${fields().find(([, note]) => note.flag === flag)?.[1].example ?? ''}`;
}

function fields(): [string, VariableNotes][] {
  return Object.entries(configSchema.shape).map(([field, schema]) => {
    const note = notes.get(schema);
    if (note === undefined) throw new Error(`the setting ${field} has no description`);
    return [field, note];
  });
}

function findDatabaseUrlFault(text: string): string | null {
  try {
    parseDatabaseUrl(text);
    return null;
  } catch (error) {
    if (error instanceof URIError)
      return 'holds a % that stands for nothing: special characters of a password are percent-encoded';
    // Its own message for something that is no address at all repeats the text, password and all.
    return error instanceof TypeError ? 'is not an address of a PostgreSQL' : (error as Error).message;
  }
}
