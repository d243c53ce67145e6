import type { Where } from 'better-auth/types';
import type { Keyring } from '../../secrets/keyring.ts';
import { hashSecret } from '../secret-format.ts';

/** A row as the library sees it. */
export type Row = Record<string, unknown>;

/** What is sealed at rest, by the names the library has for it, with the names it has in the store. */
export const sealedFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  account: { accessToken: 'access_token', refreshToken: 'refresh_token', idToken: 'id_token' },
  twoFactor: { secret: 'secret', backupCodes: 'backup_codes' },
  verification: { value: 'value' },
};

/** The table behind a name of the library. */
const tableOf: Readonly<Record<string, string>> = {
  account: 'auth.account',
  twoFactor: 'auth.two_factor',
  verification: 'auth.verification',
};

// A hash is no token: where only the hash is known it is handed on under a name that no cookie of ours can have.
const hashMark = 'hash:';

/** What the store has instead of the token of a session, see `find_session`. */
export function hashSessionToken(token: string): string {
  return hashSecret('session', token).toString('hex');
}

/** Turns rows of the library into rows of the store, and back. */
export interface Codec {
  seal(model: string, id: string, data: Row): Row;
  open(model: string, row: Row, tokens: readonly string[]): Row;
  /** Whether something would be changed that is sealed. */
  touches(model: string, data: Row): boolean;
  where(model: string, where: Where[], hashesToo: boolean): Where[];
}

export function openCodec(keyring: Keyring): Codec {
  const place = (model: string, column: string, row: string) => ({
    workspaceId: null,
    table: tableOf[model] ?? model,
    column,
    row,
  });
  return {
    touches: (model, data) => Object.keys(sealedFields[model] ?? {}).some((field) => typeof data[field] === 'string'),
    seal: (model, id, data) => {
      const changed = { ...data };
      for (const [field, column] of Object.entries(sealedFields[model] ?? {})) {
        const value = data[field];
        if (typeof value === 'string') changed[field] = keyring.seal(value, place(model, column, id));
      }
      return changed;
    },
    open: (model, row, tokens) => {
      const plain = { ...row };
      for (const [field, column] of Object.entries(sealedFields[model] ?? {})) {
        const value = row[field];
        if (typeof value === 'string') plain[field] = keyring.open(value, place(model, column, String(row['id'])));
      }
      if (model === 'session' && typeof row['token'] === 'string') {
        const hash = row['token'];
        plain['token'] = tokens.find((token) => hashSessionToken(token) === hash) ?? `${hashMark}${hash}`;
      }
      return plain;
    },
    where: (model, where, hashesToo) =>
      model === 'session' ? where.map((part) => (part.field === 'token' ? hashPart(part, hashesToo) : part)) : where,
  };
}

function hashPart(part: Where, hashesToo: boolean): Where {
  const hash = (value: unknown): string => {
    const text = String(value);
    return hashesToo && text.startsWith(hashMark) ? text.slice(hashMark.length) : hashSessionToken(text);
  };
  return { ...part, value: Array.isArray(part.value) ? part.value.map(hash) : hash(part.value) };
}

/** The tokens that a question names. */
export function tokensIn(where: readonly Where[] | undefined): string[] {
  return (where ?? []).filter((part) => part.field === 'token').flatMap((part) => part.value as string | string[]);
}
