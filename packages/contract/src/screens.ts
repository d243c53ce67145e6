/**
 * Every address at which the server answers with the web's page, in the form of the server's router. The web's own tree of
 * routes is tested against this list: an address that is missing here would be a dead link after a reload.
 */
export const screenPaths = [
  '/',
  '/setup',
  '/reset',
  '/confirm',
  '/sign-in',
  '/sources',
  '/sources/:id',
  '/repositories',
  '/settings',
  '/settings/profile',
  '/settings/security',
  '/settings/privacy',
  '/settings/data',
  '/settings/connections',
  '/settings/connections/:id',
  '/pair',
  '/workspace',
  '/workspace/general',
  '/workspace/people',
  '/workspace/authors',
  '/workspace/invitations',
  '/workspace/new',
  '/w/:slug',
  '/join',
  '/workspace/teams',
  '/workspace/calendar',
  '/workspace/audit',
  '/workspace/deliveries',
] as const;
