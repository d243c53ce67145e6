import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';

interface Surroundings {
  platform: NodeJS.Platform;
  isRoot: boolean;
  home: string;
  environment: Record<string, string | undefined>;
}

/**
 * The folder DevPulse keeps its data in when nobody names one.
 * Root gets a folder outside its home, because PostgreSQL then runs as a user that may not look into /root.
 *
 * @example defaultDataDir() // '/home/ada/.local/share/devpulse'
 */
export function defaultDataDir(around: Surroundings = currentSurroundings()): string {
  const { platform, isRoot, home, environment } = around;
  if (platform === 'win32') {
    return win32.join(environment['LOCALAPPDATA'] ?? win32.join(home, 'AppData', 'Local'), 'DevPulse');
  }
  if (isRoot) return '/var/lib/devpulse';
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'DevPulse');
  const shared = environment['XDG_DATA_HOME'];
  // The XDG rules call a relative path invalid: it would name another folder from every working directory.
  const base = shared && posix.isAbsolute(shared) ? shared : posix.join(home, '.local', 'share');
  return posix.join(base, 'devpulse');
}

function currentSurroundings(): Surroundings {
  // oxlint-disable-next-line node/no-process-env -- these variables are the platform's, not DevPulse's; config.ts has its own
  const environment = process.env;
  return { platform: process.platform, isRoot: process.getuid?.() === 0, home: homedir(), environment };
}
