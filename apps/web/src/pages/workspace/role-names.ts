import { type Role, roleNames, roles, rolesWithin } from '@devpulse/contract/permissions';

/** As roles are written on screen. */
export const roleTitles: Record<Role, string> = {
  owner: 'Owner',
  admin: 'Admin',
  manager: 'Manager',
  member: 'Member',
};

/** The roles that somebody with this one may give, for a list to choose from. */
export function roleOptionsFor(role: Role): { value: Role; label: string }[] {
  return rolesWithin(role).map((value) => ({ value, label: roleTitles[value] }));
}

/** What each role may do, in a sentence. */
export const roleMeanings: readonly { role: Role; title: string; means: string }[] = roleNames.map((role) => ({
  role,
  title: roleTitles[role],
  means: roles[role],
}));
