import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { childEnvironment } from './child-environment.ts';
import type { Binaries } from './prepare-binaries.ts';
import { identityOptions, runTool, type RunAs } from './run-tool.ts';
import type { ServerLog } from './server-log.ts';

/** A PostgreSQL of ours, from its start to its end. */
export interface ServerProcess {
  readonly pid: number | undefined;
  /** Resolves when it is gone, with how it went. */
  readonly exited: Promise<string>;
  /** Asks it to end: `fast` finishes cleanly, `now` leaves the rest to recovery, `kill` does not ask. */
  end(how: 'fast' | 'now' | 'kill'): void;
}

const SIGNALS = { fast: 'SIGINT', now: 'SIGQUIT', kill: 'SIGKILL' } as const;

/** Starts PostgreSQL as a child in a session of its own. */
export function spawnServer(options: {
  binaries: Binaries;
  cluster: string;
  args: readonly string[];
  runAs: RunAs | null;
  serverLog: ServerLog;
}): ServerProcess {
  const { binaries, cluster, args, runAs, serverLog } = options;
  const onWindows = process.platform === 'win32';
  const output = serverLog.open();
  const child = spawn(binaries.postgres, args, {
    ...identityOptions(runAs),
    cwd: '/',
    env: childEnvironment(),
    stdio: ['ignore', output, output],
    // Ctrl-C goes to the whole process group of the terminal; PostgreSQL would shut down while the server still finishes
    // what it has in hand. In its own session it ends when it is told to. On Windows this would open a console window.
    detached: !onWindows,
    windowsHide: true,
  });
  closeSync(output);
  const exited = new Promise<string>((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(`it could not be started: ${error.message}`);
    });
    child.on('exit', (code, signal) =>
      resolve(signal ? `it was ended by ${signal}` : `it ended with exit code ${code}`),
    );
  });
  return {
    pid: child.pid,
    exited,
    end: (how) => {
      if (onWindows && how !== 'kill') {
        // Windows knows no signals: Node would end the process on the spot.
        void runTool(binaries.pgCtl, ['stop', '-D', cluster, '-m', how === 'fast' ? 'fast' : 'immediate', '-W']);
      } else {
        child.kill(SIGNALS[how]);
      }
    },
  };
}
