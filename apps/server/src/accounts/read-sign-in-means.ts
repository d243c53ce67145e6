import { sql } from 'kysely';
import { AppError } from '@devpulse/contract/errors';
import type { SignInMeans } from '@devpulse/contract/wire/sign-in';
import type { ServerDeps } from '../deps.ts';
import { shownAddress } from './placeholder-address.ts';
import { listOffers } from './read-session-view.ts';

interface AccountRow {
  email: string;
  email_verified: boolean;
  has_password: boolean;
  two_factor_enabled: boolean;
  factor_id: string | null;
  backup_codes: string | null;
}

interface PasskeyRow {
  id: string;
  name: string | null;
  backed_up: boolean;
  created_at: Date;
}

interface ConnectionRow {
  id: string;
  login: string | null;
  scope: string | null;
  created_at: Date;
}

/** How an account can be entered. Holds no token, no key and no hash. */
export async function readSignInMeans(deps: ServerDeps, accountId: string): Promise<SignInMeans> {
  const { auth } = deps.store;
  const { rows: accounts } = await sql<AccountRow>`
    select u.email, u.email_verified, u.two_factor_enabled, f.id as factor_id, f.backup_codes,
           exists (select 1 from auth.account a where a.user_id = u.id and a.password is not null) as has_password
    from auth."user" u left join auth.two_factor f on f.user_id = u.id and f.verified
    where u.id = ${accountId}`.execute(auth);
  const account = accounts[0];
  if (account === undefined) throw new AppError('not_found', 'This account is not there any more.');
  const { rows: passkeys } = await sql<PasskeyRow>`
    select id, name, backed_up, created_at from auth.passkey where user_id = ${accountId} order by created_at, id`.execute(
    auth,
  );
  const { rows: connections } = await sql<ConnectionRow>`
    select id, login, scope, created_at from auth.account
    where user_id = ${accountId} and provider_id = 'github' order by created_at, id`.execute(auth);
  return {
    email: shownAddress(account.email),
    emailConfirmed: account.email_verified,
    hasPassword: account.has_password,
    twoFactor: {
      on: account.two_factor_enabled,
      recoveryCodesLeft: account.two_factor_enabled ? countCodes(deps, account) : null,
    },
    passkeys: passkeys.map((row) => ({
      id: row.id,
      name: row.name ?? 'Passkey',
      synced: row.backed_up,
      createdAt: row.created_at.toISOString(),
    })),
    github: connections.map((row) => ({
      id: row.id,
      login: row.login,
      scopes: splitScopes(row.scope),
      connectedAt: row.created_at.toISOString(),
    })),
    offers: listOffers(deps),
  };
}

/** What was granted, each once: GitHub separates by commas, others by spaces. */
function splitScopes(scope: string | null): string[] {
  return [...new Set((scope ?? '').split(/[,\s]+/).filter((name) => name !== ''))];
}

function countCodes({ keyring }: ServerDeps, { factor_id: row, backup_codes: sealed }: AccountRow): number | null {
  if (row === null || sealed === null) return null;
  const plain = keyring.open(sealed, { workspaceId: null, table: 'auth.two_factor', column: 'backup_codes', row });
  return (JSON.parse(plain) as unknown[]).length;
}
