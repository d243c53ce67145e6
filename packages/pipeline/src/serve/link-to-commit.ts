const hosts = new Map<string, (path: string, sha: string) => string>([
  ['github.com', (path, sha) => `https://github.com/${path}/commit/${sha}`],
  ['gitlab.com', (path, sha) => `https://gitlab.com/${path}/-/commit/${sha}`],
  ['codeberg.org', (path, sha) => `https://codeberg.org/${path}/commit/${sha}`],
  ['bitbucket.org', (path, sha) => `https://bitbucket.org/${path}/commits/${sha}`],
]);

/** The page of a commit at a well-known host, from a remote's address in any of git's notations; null elsewhere. */
export function linkToCommit(remote: string | null, sha: string): string | null {
  if (remote === null || !/^[0-9a-f]{40,64}$/.test(sha)) return null;
  const match = /^(?:https?:\/\/|ssh:\/\/|git:\/\/)?(?:[^@/]+@)?([^:/]+)(?::\d+)?[:/](.+?)(?:\.git)?\/?$/.exec(remote);
  const [, host = '', path = ''] = match ?? [];
  if (!/^[\w.~/-]+$/.test(path)) return null;
  return hosts.get(host.toLowerCase())?.(path, sha) ?? null;
}
