/** Folders of system tools (id, useradd); an ordinary user's PATH does not name the sbin ones. The last is where NixOS has them. */
const TOOL_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/run/current-system/sw/bin',
];

/**
 * The whole environment PostgreSQL and its tools are started with. Nothing is inherited: LANG would choose the cluster's
 * locale, PGDATA and PGPORT its place, LD_PRELOAD its code. On Windows Node adds what every program there needs.
 */
export function childEnvironment(): Record<string, string> {
  return { PATH: TOOL_FOLDERS.join(':'), LC_ALL: 'C', TZ: 'UTC' };
}
