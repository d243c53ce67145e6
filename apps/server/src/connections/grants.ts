import { neededPermissions, neededScopes } from '@devpulse/connectors/github/needs';
import type { ConnectionView } from '@devpulse/contract/wire/connections';
import type { ConnectionRow } from './connection-rows.ts';

/** What is asked for where nobody chose. */
export const usualScopes: readonly string[] = ['repo', 'read:org'];

/** Larger scopes of GitHub that hold the smaller ones. */
const within: Readonly<Record<string, readonly string[]>> = {
  repo: ['repo:status', 'repo_deployment', 'public_repo', 'repo:invite', 'security_events'],
  'admin:org': ['write:org', 'read:org'],
  'write:org': ['read:org'],
  'admin:repo_hook': ['write:repo_hook', 'read:repo_hook'],
  'write:repo_hook': ['read:repo_hook'],
  user: ['read:user', 'user:email', 'user:follow'],
};

/** Do these scopes hold this one, by its name or within a larger one? */
function holds(scopes: readonly string[], scope: string): boolean {
  return scopes.some((one) => one === scope || (within[one] ?? []).includes(scope));
}

/** What of this is not held. */
function missingOf(wanted: readonly string[], scopes: readonly string[]): string[] {
  return wanted.filter((scope) => !holds(scopes, scope));
}

interface Held {
  form: ConnectionRow['form'];
  scopes: readonly string[];
  permissions: Readonly<Record<string, string>>;
}

/** What somebody agreed to by this grant, so that it is noticed when some of it is gone. */
export function heldOf({ form, scopes, permissions }: Held): string[] {
  if (form === 'installation') return listPermissions(permissions);
  if (form !== 'fine-grained') return [...scopes];
  return Object.keys(permissions).filter((name) => permissions[name] === 'yes');
}

/** What of the agreed is gone. What GitHub does not say is not taken for gone. */
export function lackOf(agreed: readonly string[], now: Held): string[] {
  if (now.form === 'installation') return missingPermissions(agreed, now.permissions);
  if (now.form === 'fine-grained') return agreed.filter((name) => now.permissions[name] === 'no');
  return now.form === 'app user' ? [] : missingOf(agreed, now.scopes);
}

/** The scopes of a grant, from the header or field in which GitHub says them. */
export function readScopes(text: string | null): string[] {
  return (text ?? '')
    .split(/[\s,]+/)
    .filter((scope) => scope !== '')
    .toSorted();
}

/** Every need of DevPulse with its reason, and whether this connection meets it. */
export function describeGrants(row: Pick<ConnectionRow, 'form' | 'scopes' | 'permissions'>): ConnectionView['grants'] {
  if (row.form === 'oauth' || row.form === 'classic')
    return neededScopes.map(({ name, reason, isOptional }) => ({
      name,
      reason,
      required: !isOptional,
      granted: holds(row.scopes, name) ? 'yes' : 'no',
    }));
  return (
    neededPermissions
      // The App has a hook of its own, and a token has no part in checks.
      .filter(({ key, onlyApps }) => (row.form === 'installation' ? key !== 'repository_hooks' : onlyApps !== true))
      .map(({ key, name, reason, isOptional }) => ({
        name,
        reason,
        required: !isOptional,
        granted: grantedOf(row, key),
      }))
  );
}

function grantedOf(row: Pick<ConnectionRow, 'form' | 'permissions'>, name: string): 'yes' | 'no' | 'unknown' {
  const said = row.permissions[name];
  if (row.form === 'installation') return said === undefined ? 'no' : 'yes';
  return said === 'yes' || said === 'no' ? said : 'unknown';
}

/** Permissions of an installation, as a list that can be compared with the one of before. */
function listPermissions(permissions: Readonly<Record<string, string>>): string[] {
  return Object.entries(permissions)
    .map(([name, access]) => `${name}:${access}`)
    .toSorted();
}

/** Which permissions were there before and are not, or are weaker, now. */
function missingPermissions(before: readonly string[], now: Readonly<Record<string, string>>): string[] {
  return before.filter((entry) => {
    const [name = '', access = 'read'] = entry.split(':');
    const given = now[name];
    return given === undefined || (access !== 'read' && given === 'read');
  });
}
