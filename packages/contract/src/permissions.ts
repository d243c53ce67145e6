import { z } from 'zod';

/** What a token may do. A permission names the one that it asks of tokens. */
export const scopes = {
  read: 'Read numbers, receipts, people and repositories of the workspace.',
  events: 'Send raw events in.',
  people: 'Change who is who: links, rules, classifications, own settings.',
  sources: 'Add, pause and remove sources.',
  operate: 'Watch and mend the machinery: dead letters, replay, jobs.',
} as const;

export type Scope = keyof typeof scopes;
export const scopeNames = Object.keys(scopes) as Scope[];
export const scopeSchema = /* @__PURE__ */ z.enum(scopeNames as [Scope, ...Scope[]]);

/** What somebody is in a workspace, the mightiest first. */
export const roles = {
  owner:
    'May do everything, also hand the workspace over, delete it, take an export into it, and set how long its audit log is kept.',
  admin: 'Runs the workspace: people, roles, sources, settings; reads the audit log.',
  manager: 'Sees the numbers of the people in the teams they manage, and says who is who.',
  member: 'Sees their own numbers and those of the workspace as a whole.',
} as const;

export type Role = keyof typeof roles;
export const roleNames = Object.keys(roles) as Role[];
export const roleSchema = /* @__PURE__ */ z.enum(roleNames as [Role, ...Role[]]);

interface PermissionEntry {
  means: string;
  /** What a token needs beside the role of its person; null: no token may, only a person who signed in. */
  scope: Scope | null;
  roles: readonly Role[];
}

const everyone = roleNames;
const managing: readonly Role[] = ['owner', 'admin', 'manager'];
const running: readonly Role[] = ['owner', 'admin'];

/**
 * The one table of who may do what. Each route names one permission; the server refuses by it, the web hides by it, and a test
 * asks every route in every role. What depends on the thing itself (whose numbers, whose token) is decided where it is read.
 */
export const permissions = {
  'numbers.read': { means: 'Read numbers, tiles and receipts', scope: 'read', roles: everyone },
  'people.read': { means: 'See who is in the workspace', scope: 'read', roles: everyone },
  'identities.read': {
    means: 'See under which names and addresses people wrote, and when they were last seen',
    scope: 'read',
    roles: managing,
  },
  'people.identify': {
    means: 'Say which identities are whom, and what is a machine',
    scope: 'people',
    roles: managing,
  },
  'self.read': { means: 'Read one’s own settings', scope: 'read', roles: everyone },
  'self.change': { means: 'Change one’s own settings', scope: 'people', roles: everyone },
  'account.manage': {
    means: 'Manage one’s own account: profile, sign-in, devices, tokens',
    scope: null,
    roles: everyone,
  },
  'workspace.create': { means: 'Make a workspace of one’s own', scope: null, roles: everyone },
  'workspace.read': { means: 'Read the settings of the workspace', scope: 'read', roles: everyone },
  'workspace.change': { means: 'Change the settings of the workspace', scope: 'people', roles: running },
  'workspace.own': {
    means:
      'Hand the workspace over, delete it, make it a team’s, take an export into it, set how long its audit log is kept',
    scope: null,
    roles: ['owner'],
  },
  'members.manage': { means: 'Invite people, change roles, deactivate members', scope: null, roles: running },
  'teams.manage': { means: 'Make teams, and say who is in them and manages them', scope: null, roles: running },
  'sources.read': { means: 'See sources and how they are', scope: 'read', roles: everyone },
  'sources.manage': { means: 'Add, pause and remove sources', scope: 'sources', roles: running },
  'events.send': { means: 'Send raw events in', scope: 'events', roles: running },
  'machinery.operate': { means: 'Watch and mend the machinery', scope: 'operate', roles: running },
  'audit.read': { means: 'Read and export the audit log', scope: null, roles: running },
} as const satisfies Record<string, PermissionEntry>;

export type Permission = keyof typeof permissions;
export const permissionNames = Object.keys(permissions) as Permission[];

/** The roles that somebody may give, and take from those who have them: nobody reaches above themselves. */
export function rolesWithin(role: Role): readonly Role[] {
  if (role === 'owner') return roleNames;
  return role === 'admin' ? roleNames.filter((one) => one !== 'owner') : [];
}

/** May somebody with this role do it? */
export function roleMay(role: Role, permission: Permission): boolean {
  return (permissions[permission].roles as readonly Role[]).includes(role);
}

/** The scopes of which somebody with this role could use anything. */
export function scopesForRole(role: Role): Scope[] {
  return scopeNames.filter((scope) =>
    permissionNames.some((name) => permissions[name].scope === scope && roleMay(role, name)),
  );
}

/** The scope that a token needs for it; null: none is enough. */
export function scopeOf(permission: Permission): Scope | null {
  return permissions[permission].scope;
}
