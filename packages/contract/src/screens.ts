/**
 * Every address at which the server answers with the web's page, in the form of the server's router. The web's own tree of
 * routes is tested against this list: an address that is missing here would be a dead link after a reload.
 */
export const screenPaths = ['/', '/setup', '/sign-in', '/sources', '/repositories', '/settings'] as const;
