import type { Account, Repository } from '../world/model.ts';
import type { Permissions } from '../shapes/repository-shapes.ts';
import { covers } from './apps.ts';
import { notFound, refuse, type Ask, type Reply, type State } from './state.ts';
import type { Token } from './tokens.ts';

export type Level = 'none' | 'read' | 'write' | 'admin';

/** What whoever asks may do with a repository. */
export function levelOf(state: State, token: Token | null, repository: Repository): Level {
  const open: Level = repository.visibility === 'public' ? 'read' : 'none';
  if (token === null) return open;
  if (token.kind === 'installation') {
    const installation = state.apps.installations.get(token.installation ?? 0);
    const reaches = installation !== undefined && covers(installation, repository);
    return reaches && (token.repositories?.has(repository.id) ?? true) ? 'write' : open;
  }
  const role = roleOf(token.account, repository);
  if (token.kind === 'fine-grained')
    return (token.repositories?.has(repository.id) ?? true) ? atLeast(role, open) : open;
  if (token.kind === 'user') {
    const isInstalled = [...state.apps.installations.values()].some(
      (one) => one.app.clientId === token.clientId && covers(one, repository),
    );
    return isInstalled ? atLeast(role, open) : open;
  }
  if (token.scopes.includes('repo')) return atLeast(role, open);
  return repository.visibility === 'public' && token.scopes.includes('public_repo') ? atLeast(role, open) : open;
}

function roleOf(account: Account, { owner, collaborators }: Repository): Level {
  if (owner === account) return 'admin';
  const member = owner.members.get(account.id);
  return atLeast(
    collaborators.get(account.id) ?? 'none',
    member === 'admin' ? 'admin' : member === 'member' ? 'write' : 'none',
  );
}

const levels: Level[] = ['none', 'read', 'write', 'admin'];

function atLeast(one: Level, other: Level): Level {
  return levels.indexOf(one) > levels.indexOf(other) ? one : other;
}

export function permissionsAt(level: Level): Permissions {
  const reaches = (least: Level) => levels.indexOf(level) >= levels.indexOf(least);
  const [read, write, admin] = [reaches('read'), reaches('write'), reaches('admin')];
  return { admin, maintain: admin, push: write, triage: write, pull: read };
}

/** What a route asks of a token. */
export interface Needs {
  /** Any of these scopes will do, for classic tokens and those of OAuth. */
  scopes?: string[];
  /** For fine-grained tokens and those of Apps, such as `pull_requests=read`. */
  permission?: string;
  /** What the person must be allowed to do in the repository. */
  level?: Level;
}

/** Why this repository is not for whoever asks; undefined: it is. */
export function refuseRepository(ask: Ask, repository: Repository, needs: Needs): Reply | undefined {
  const { state, token } = ask;
  const sso = refuseSso(ask, repository.owner);
  const level = levelOf(state, token, repository);
  // Whoever may not see it is not told that it is there.
  if (level === 'none') return notFound();
  if (sso !== undefined) return sso;
  const isOpenOnly = repository.visibility === 'public' && level === 'read' && (needs.level ?? 'read') === 'read';
  const missing = token === null || isOpenOnly ? undefined : refusePermission(token, needs);
  if (missing !== undefined) return missing;
  if (levels.indexOf(level) < levels.indexOf(needs.level ?? 'read')) {
    return needs.level === 'admin' && token?.kind !== 'installation' ? notFound() : forbidden(needs);
  }
  return undefined;
}

function forbidden(needs: Needs): Reply {
  return refuse(403, 'Must have push access to repository', acceptedHeaders(needs));
}

/** Scopes are missing: the thing is not there. Permissions are missing: it is said. */
export function refusePermission(token: Token, needs: Needs): Reply | undefined {
  if (token.permissions === null) {
    const wanted = needs.scopes ?? [];
    return wanted.length === 0 || wanted.some((scope) => hasScope(token, scope)) ? undefined : notFound();
  }
  const [name = 'metadata', level = 'read'] = (needs.permission ?? 'metadata=read').split('=');
  const has = token.permissions[name];
  if (has === 'write' || has === level) return undefined;
  const what = token.kind === 'fine-grained' ? 'personal access token' : 'integration';
  return refuse(403, `Resource not accessible by ${what}`, acceptedHeaders(needs));
}

export function acceptedHeaders(needs: Needs): Record<string, string> {
  return needs.permission === undefined ? {} : { 'x-accepted-github-permissions': needs.permission };
}

const wider: Record<string, string[]> = {
  'read:org': ['write:org', 'admin:org'],
  'user:email': ['user'],
  'read:user': ['user'],
  'read:repo_hook': ['write:repo_hook', 'admin:repo_hook', 'repo'],
  'admin:repo_hook': ['repo'],
  public_repo: ['repo'],
};

function hasScope(token: Token, scope: string): boolean {
  return token.scopes.includes(scope) || (wider[scope] ?? []).some((other) => token.scopes.includes(other));
}

/** An organization with single sign-on refuses tokens that nobody has let in. */
export function refuseSso(ask: Ask, owner: Account): Reply | undefined {
  if (!isShutOut(ask, owner)) return undefined;
  const url = `${ask.world.web}/orgs/${owner.login}/sso?authorization_request=${ask.token?.account.id}`;
  const message =
    'Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.';
  return refuse(403, message, { 'x-github-sso': `required; url=${url}` });
}

function isShutOut({ state, token }: Ask, owner: Account): boolean {
  if (token === null || token.kind === 'installation') return false;
  return state.sso.has(owner.id) && !token.sso.has(owner.id) && owner.members.has(token.account.id);
}

/** Lists leave out what such organizations own, and say so. */
export function withoutShutOut(
  ask: Ask,
  repositories: Repository[],
): { shown: Repository[]; headers: Record<string, string> } {
  const shown = repositories.filter(({ owner }) => !isShutOut(ask, owner));
  const left = new Set(repositories.filter(({ owner }) => isShutOut(ask, owner)).map(({ owner }) => owner.id));
  const headers = { 'x-github-sso': `partial-results; organizations=${[...left].join(',')}` };
  return { shown, headers: left.size > 0 ? headers : {} };
}
