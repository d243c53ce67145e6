import { randomBytes } from 'node:crypto';
import type { Account } from '../world/model.ts';
import type { Clock } from './clock.ts';

export type TokenKind = 'classic' | 'fine-grained' | 'oauth' | 'user' | 'installation';
export type PermissionLevels = Record<string, 'read' | 'write'>;

export interface Token {
  value: string;
  kind: TokenKind;
  /** Whose it is; the App's own account for an installation's. */
  account: Account;
  scopes: string[];
  /** Of fine-grained tokens and those of Apps; null: scopes say it. */
  permissions: PermissionLevels | null;
  /** Null: all. */
  repositories: Set<number> | null;
  installation: number | null;
  clientId: string | null;
  /** Milliseconds since 1970. */
  expiresAt: number | null;
  isRevoked: boolean;
  /** Organizations with single sign-on that it may be used for. */
  sso: Set<number>;
  refresh: { value: string; expiresAt: number } | null;
}

export interface NewToken {
  kind?: TokenKind;
  account: Account;
  scopes?: string[];
  permissions?: PermissionLevels;
  repositories?: number[];
  installation?: number;
  clientId?: string;
  /** In how many seconds it ends. */
  lasts?: number;
  refreshes?: boolean;
  value?: string;
}

const prefixes: Record<TokenKind, string> = {
  classic: 'ghp_',
  'fine-grained': 'github_pat_',
  oauth: 'gho_',
  user: 'ghu_',
  installation: 'ghs_',
};

const HALF_A_YEAR = 183 * 86_400_000;

export interface TokenBook {
  all: Map<string, Token>;
  give(input: NewToken): Token;
  /** A token that counts today. */
  read(value: string): Token | 'unknown' | 'revoked' | 'expired';
  revoke(value: string): void;
  /** New ones for a refresh token, which counts once; the old ones are void at once. */
  refresh(value: string): Token | undefined;
  /** From now on any token, known or not, is answered as one that was taken back. */
  refuseAll: boolean;
}

export function openTokenBook(clock: Clock): TokenBook {
  const all = new Map<string, Token>();
  const give = (input: NewToken): Token => {
    const kind = input.kind ?? 'classic';
    const now = clock.now().getTime();
    const token: Token = {
      value: input.value ?? makeValue(kind, input.installation, now),
      kind,
      account: input.account,
      scopes: input.scopes ?? [],
      permissions: input.permissions ?? (kind === 'classic' || kind === 'oauth' ? null : { metadata: 'read' }),
      repositories: input.repositories === undefined ? null : new Set(input.repositories),
      installation: input.installation ?? null,
      clientId: input.clientId ?? null,
      expiresAt: input.lasts === undefined ? null : now + input.lasts * 1000,
      isRevoked: false,
      sso: new Set(),
      refresh: input.refreshes === true ? { value: `ghr_${secret(76)}`, expiresAt: now + HALF_A_YEAR } : null,
    };
    all.set(token.value, token);
    return token;
  };
  const book: TokenBook = {
    all,
    give,
    read: (value) => {
      const token = all.get(value);
      if (token === undefined) return 'unknown';
      if (token.isRevoked || book.refuseAll) return 'revoked';
      return token.expiresAt !== null && token.expiresAt <= clock.now().getTime() ? 'expired' : token;
    },
    revoke: (value) => {
      const token = all.get(value);
      if (token === undefined) throw new Error('there is no such token');
      token.isRevoked = true;
      token.refresh = null;
    },
    refresh: (value) => {
      const old = [...all.values()].find(({ refresh }) => refresh?.value === value);
      if (old === undefined || (old.refresh?.expiresAt ?? 0) <= clock.now().getTime()) return undefined;
      old.isRevoked = true;
      old.refresh = null;
      const made = give({
        kind: old.kind,
        account: old.account,
        scopes: old.scopes,
        lasts: 8 * 3600,
        refreshes: true,
        ...(old.permissions === null ? {} : { permissions: old.permissions }),
        ...(old.clientId === null ? {} : { clientId: old.clientId }),
      });
      made.sso = old.sso;
      return made;
    },
    refuseAll: false,
  };
  return book;
}

function secret(length: number): string {
  return randomBytes(length)
    .toString('base64url')
    .replaceAll(/[^A-Za-z0-9]/g, 'x')
    .slice(0, length);
}

/** Those of installations are long and have dots since 2026. */
function makeValue(kind: TokenKind, installation: number | undefined, now: number): string {
  if (kind === 'fine-grained') return `${prefixes[kind]}${secret(22)}_${secret(59)}`;
  if (kind !== 'installation') return prefixes[kind] + secret(36);
  const claims = Buffer.from(JSON.stringify({ sub: installation, iat: now, jti: secret(40) })).toString('base64url');
  return `${prefixes[kind]}${installation ?? 0}_${secret(48)}.${claims}.${secret(300)}`;
}
