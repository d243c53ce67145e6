const hosts = new Map<string, (path: string, sha: string) => string>([
  ['github.com', (path, sha) => `https://github.com/${path}/commit/${sha}`],
  ['gitlab.com', (path, sha) => `https://gitlab.com/${path}/-/commit/${sha}`],
  ['codeberg.org', (path, sha) => `https://codeberg.org/${path}/commit/${sha}`],
  ['bitbucket.org', (path, sha) => `https://bitbucket.org/${path}/commits/${sha}`],
]);

// An address with a scheme may name a port; in ssh's short form a colon begins the path, and an owner may be called 123.
const withScheme = /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([^:/]+)(?::\d+)?\/(.+)$/i;
const shortForm = /^(?:[^@/:]+@)?([^:/@]+):(?!\/)(.+)$/;

/** The page of a commit at a well-known host, from a remote's address in any of git's notations; null elsewhere. */
export function linkToCommit(remote: string | null, sha: string): string | null {
  if (remote === null || !/^[0-9a-f]{40,64}$/.test(sha)) return null;
  const [, host = '', rest = ''] = withScheme.exec(remote) ?? shortForm.exec(remote) ?? [];
  const path = rest.replace(/\/$/, '').replace(/\.git$/, '');
  // An owner and a name, both of harmless characters, and no step upwards.
  if (!/^[\w.~-]+(?:\/[\w.~-]+)+$/.test(path) || path.split('/').some((step) => /^\.+$/.test(step))) return null;
  return hosts.get(host.toLowerCase())?.(path, sha) ?? null;
}
