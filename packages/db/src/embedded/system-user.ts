import { runTool, type RunAs } from './run-tool.ts';
import { StoreFault } from './store-faults.ts';

/** Commands that make a system user, tried in this order. */
const USER_MAKERS: readonly (readonly string[])[] = [
  [
    'useradd',
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/usr/sbin/nologin',
  ],
  ['adduser', '--system', '--group', '--no-create-home', '--home', '/nonexistent', '--shell', '/usr/sbin/nologin'],
  // BusyBox
  ['adduser', '-S', '-D', '-H', '-h', '/nonexistent', '-s', '/sbin/nologin'],
];

/** The user of that name, or null. `id` is asked instead of /etc/passwd because users may come from elsewhere. */
export async function findUser(name: string): Promise<RunAs | null> {
  const uid = await runTool('id', ['-u', name]);
  const gid = await runTool('id', ['-g', name]);
  if (uid.code !== 0 || gid.code !== 0) return null;
  return { uid: Number(uid.output), gid: Number(gid.output), name };
}

/** The user PostgreSQL runs as when DevPulse is started by root; made when it is not there. */
export async function ensureSystemUser(
  name: string,
  makers: readonly (readonly string[])[] = USER_MAKERS,
): Promise<RunAs> {
  const existing = await findUser(name);
  if (existing) return refuseRoot(existing);
  const said: string[] = [];
  for (const [command = '', ...args] of makers) {
    const made = await runTool(command, [...args, name]);
    // Another start may have made the user in the meantime, so a failed command alone proves nothing.
    const user = await findUser(name);
    if (user) return refuseRoot(user);
    said.push(`${command}: ${made.startError?.message ?? made.output}`);
  }
  throw new StoreFault(
    'no-system-user',
    `PostgreSQL refuses to run as root, and the system user "${name}" it would run as could not be made (${said.join('; ')}). ` +
      `Make that user by hand, or start DevPulse as an ordinary user.`,
  );
}

function refuseRoot(user: RunAs): RunAs {
  if (user.uid !== 0) return user;
  throw new StoreFault(
    'no-system-user',
    `The user "${user.name}" has uid 0, and PostgreSQL refuses to run as root. Start DevPulse as an ordinary user.`,
  );
}
