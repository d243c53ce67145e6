import type { IdentityRef } from '@devpulse/contract/facts';
import { githubAccountKey } from '@devpulse/contract/github-account';
import { z } from 'zod';
import { cleanText, cutTo } from '../_text/clean-text.ts';
import { id, name } from './read-shape.ts';

/** Names and addresses become keys of an index, which cannot hold more than some kilobytes. */
const identityCharacters = 500;

const accountShape = z.object({ id, login: name, type: name.nullish() });
export type Account = z.output<typeof accountShape>;

/** An account, or null for one that was deleted: GitHub writes null, nothing, or an empty object. */
export const account = z.preprocess(
  (value) => (isEmptyObject(value) ? null : value),
  accountShape.nullish().transform((found) => found ?? null),
);

function isEmptyObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

/** What GraphQL tells of an account; apps have their login without `[bot]` there. */
export const actorNode = z
  .object({ __typename: name, login: name, databaseId: id.nullish() })
  .nullish()
  .transform((actor): GraphActor | null => {
    if (actor === null || actor === undefined) return null;
    const isApp = actor.__typename === 'Bot' && !actor.login.endsWith('[bot]');
    const login = isApp ? `${actor.login}[bot]` : actor.login;
    return { id: actor.databaseId ?? null, login, type: actor.__typename };
  });
export interface GraphActor {
  id: number | null;
  login: string;
  type: string;
}

/** Acts of deleted accounts are shown under this one; on github.com it has a number like any other account. */
const ghost = { id: 10137, login: 'ghost', type: 'User' };

export function toIdentity(host: string, found: Account | GraphActor | null): IdentityRef {
  if (found === null)
    return host === 'github.com' ? toIdentity(host, ghost) : { login: ghost.login, sourceKind: 'User' };
  return {
    ...(found.id === null ? {} : { externalId: githubAccountKey(host, found.id) }),
    login: found.login,
    ...(found.type === null || found.type === undefined ? {} : { sourceKind: found.type }),
  };
}

/** Who a commit names, with the account that GitHub knows behind the address; never whoever pushed it. */
export function toSigner(host: string, signature: Signature, found: Account | GraphActor | null): IdentityRef {
  const email = clean(signature.email);
  const signedName = clean(signature.name);
  const known = found === null ? readHiddenAddress(host, email) : toIdentity(host, found);
  const signer: IdentityRef = { ...known };
  // Of an account that only the address itself names, the address is not taken for one.
  if (email !== '' && (found !== null || known.externalId === undefined)) signer.email = email;
  if (signedName !== '') signer.name = signedName;
  return Object.keys(signer).length === 0 ? { name: 'unknown' } : signer;
}

export interface Signature {
  name?: string | null | undefined;
  email?: string | null | undefined;
}

const hiddenPattern = /^(?:([1-9]\d{0,15})\+)?([^@+\s]{1,100})@users\.noreply\.([^@\s]{1,253})$/i;

/**
 * Private addresses name the account, the newer ones (`583231+octocat@…`) by its number. Anybody can write one into a commit, so
 * that it credits the account and says nothing of it: neither what it is called, which may have changed, nor that it is a machine.
 * One that ends in `[bot]` stands for itself.
 */
function readHiddenAddress(host: string, email: string): IdentityRef {
  const match = hiddenPattern.exec(email);
  if (match === null || match[3]?.toLowerCase() !== host) return {};
  const [, number, login = ''] = match;
  if (login.toLowerCase().endsWith('[bot]')) return { login, sourceKind: 'Bot' };
  return number === undefined ? { login } : { externalId: githubAccountKey(host, number) };
}

function clean(text: string | null | undefined): string {
  return cutTo(cleanText(text ?? '').trim(), identityCharacters);
}
