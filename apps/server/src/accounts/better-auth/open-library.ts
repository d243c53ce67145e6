import type { BetterAuthPlugin } from 'better-auth/types';
import { sql } from 'kysely';
import type { Keyring } from '../../secrets/keyring.ts';
import { isId } from '@devpulse/db/ids';
import type { Store } from '@devpulse/db/open-store';
import { signInScope } from '@devpulse/contract/github-scopes';
import type { SignInEvents } from '../sign-in-events.ts';
import { makeRecoveryCodes } from '../make-recovery-codes.ts';
import { makePlaceholder } from '../placeholder-address.ts';
import { type GithubApp, readGithubProfile } from './github-app.ts';
import { libraryOptions, type LibrarySettings, pluginSchemas } from './library-options.ts';
import type { LibraryCalls } from './library-calls.ts';
import { sealAdapter } from './seal-adapter.ts';

type Row = Record<string, unknown>;

export interface LibraryParts extends Omit<LibrarySettings, 'secret'> {
  store: Store;
  keyring: Keyring;
  github: GithubApp | null;
  events: SignInEvents;
}

/** The library, ready to be asked. It weighs 25 MB and half a second of a core: only a first sign-in brings it. */
export async function openLibrary(parts: LibraryParts): Promise<LibraryCalls> {
  const [{ betterAuth }, { getAdapter }, { bearer }, { genericOAuth }, { twoFactor }, { passkey }] = await Promise.all([
    import('better-auth/minimal'),
    import('better-auth/db/adapter'),
    import('better-auth/plugins/bearer'),
    import('better-auth/plugins/generic-oauth'),
    import('better-auth/plugins/two-factor'),
    import('@better-auth/passkey'),
  ]);
  const usual = libraryOptions({ ...parts, secret: parts.keyring.derive('sign-in').toString('base64url') });
  const logins = new Map<string, string>();
  const plugins: BetterAuthPlugin[] = [
    bearer(),
    twoFactor({
      issuer: 'DevPulse',
      schema: pluginSchemas.twoFactor,
      // Plain to the library: `sealAdapter` seals them on the way to the store.
      backupCodeOptions: { storeBackupCodes: 'plain', customBackupCodesGenerate: makeRecoveryCodes },
    }),
    passkey({
      rpID: new URL(parts.origin).hostname,
      rpName: 'DevPulse',
      origin: parts.origin,
      schema: pluginSchemas.passkey,
      // A passkey stands for both steps: it must have asked for a finger, a face or a code, and be found without a name.
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      authentication: { afterVerification: async ({ verification }) => demandPerson(verification.authenticationInfo) },
      registration: {
        afterVerification: async ({ verification }) => demandPerson(verification.registrationInfo),
      },
      advanced: { webAuthnChallengeCookie: 'passkey' },
    }),
    ...(parts.github === null ? [] : [genericOAuth({ config: [openProvider(parts.github, parts, logins)] })]),
  ];
  const options = { ...usual, plugins };
  const database = { db: parts.store.auth.withSchema('auth'), type: 'postgres' as const, transaction: true };
  const inner = await getAdapter({ ...options, database });
  const auth = betterAuth({
    ...options,
    database: () => sealAdapter(inner, parts.keyring),
    databaseHooks: await openHooks(parts, logins),
  });
  return auth.api as unknown as LibraryCalls;
}

/** What we have to say before and after the library writes. */
async function openHooks({ store, events }: LibraryParts, logins: ReadonlyMap<string, string>) {
  const { APIError, getOAuthState } = await import('better-auth/api');
  const readState = async (): Promise<Row | null> => (await getOAuthState()) as Row | null;
  const connected = async (account: Row | null): Promise<void> => {
    if (account?.['providerId'] === 'github')
      await events.happened(String(account['userId']), 'account.github_connected');
  };
  return {
    verification: {
      // What names an account and nothing else is known as the account's, so that it ends with the password.
      create: { before: async (row: Row) => ({ data: { ...row, userId: accountIn(row['value']) } }) },
    },
    account: {
      create: {
        before: async (account: Row) => {
          if (await wouldSkipSecondStep(store, account, await readState()))
            throw new APIError('FORBIDDEN', { code: 'account_not_linked' });
          return { data: { ...account, login: logins.get(String(account['accountId'])) ?? null } };
        },
        after: connected,
      },
      update: { after: connected },
    },
    user: {
      create: {
        // Nobody gets in without an invitation that still counts, whatever was true when they left for GitHub.
        before: async () => {
          const state = await readState();
          const invitation = state?.['invitation'];
          if (state === null || typeof invitation !== 'string' || !(await events.mayJoin(invitation))) return false;
          state[isNewAccount] = true;
          return undefined;
        },
        after: async (user: { id: string; name: string }) => {
          const zone = (await readState())?.['zone'];
          await events.joined(user, typeof zone === 'string' ? zone : null);
        },
      },
    },
  };
}

// Noted in what is known of the way to GitHub and back: the account it leads to was made on that way.
const isNewAccount = 'isNewAccount';

/**
 * A confirmed address that is the same here and there connects a GitHub account by itself. Not where a second step is asked for:
 * whoever reads somebody's mail could make a GitHub account with that address, and would come in without the code. Whoever is
 * signed in can connect it all the same.
 */
async function wouldSkipSecondStep(store: Store, account: Row, state: Row | null): Promise<boolean> {
  const isConnectedByAddress =
    account['providerId'] === 'github' && state?.['link'] === undefined && state?.[isNewAccount] !== true;
  if (!isConnectedByAddress) return false;
  const { rows } = await sql<{ on: boolean }>`
    select two_factor_enabled as on from auth."user" where id = ${String(account['userId'])}`.execute(store.auth);
  return rows[0]?.on !== false;
}

function accountIn(value: unknown): string | null {
  return typeof value === 'string' && isId(value) ? value : null;
}

function demandPerson(info: { userVerified?: boolean } | undefined): void {
  if (info?.userVerified !== true) throw new Error('the passkey did not ask who holds it');
}

/** GitHub, wherever it is: the library's own provider knows github.com only. */
function openProvider(app: GithubApp, { store, log }: LibraryParts, logins: Map<string, string>) {
  return {
    providerId: 'github',
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    authorizationUrl: `${app.url}/login/oauth/authorize`,
    tokenUrl: `${app.url}/login/oauth/access_token`,
    pkce: true,
    scopes: [signInScope],
    // An account comes from the owner's link or an invitation; `requestSignUp` is set by the second alone.
    disableImplicitSignUp: true,
    getUserInfo: async (tokens: { accessToken?: string | undefined }) => {
      const profile = await readGithubProfile(app, tokens.accessToken ?? '').catch((error: unknown) => {
        log.warn({ err: error }, 'GitHub did not say who somebody is');
        return null;
      });
      // The library says so in the address that the browser goes back to.
      if (profile === null) return null;
      // The names of a handful of sign-ins that are under way.
      if (logins.size > 100) logins.clear();
      logins.set(profile.id, profile.login);
      await noteLogin(store, profile.id, profile.login);
      return {
        id: profile.id,
        name: profile.name,
        // An address that nobody confirmed never gets as far as being compared with those of accounts.
        email: profile.email ?? makePlaceholder(`github-${profile.id}`),
        emailVerified: profile.email !== null,
      };
    },
  };
}

/** People rename themselves, and a name that was given up can be somebody else's: the number tells whose it is today. */
async function noteLogin(store: Store, id: string, login: string): Promise<void> {
  await store.auth.transaction().execute(async (trx) => {
    await sql`update auth.account set login = null
      where provider_id = 'github' and lower(login) = lower(${login}) and account_id <> ${id}`.execute(trx);
    await sql`update auth.account set login = ${login}
      where provider_id = 'github' and account_id = ${id} and login is distinct from ${login}`.execute(trx);
  });
}
