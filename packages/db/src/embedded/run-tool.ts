import { spawn } from 'node:child_process';
import { childEnvironment } from './child-environment.ts';

/** The user PostgreSQL runs as when that is not the user of this process. */
export interface RunAs {
  uid: number;
  gid: number;
  name: string;
}

export interface ToolResult {
  /** Exit code; null when the tool was ended by a signal or never started. */
  code: number | null;
  /** Standard output and standard error, in the order they came. */
  output: string;
  /** Set when the tool could not be started at all. */
  startError: NodeJS.ErrnoException | null;
}

/** The spawn options that make a child another user; empty when it stays this one. */
export function identityOptions(runAs: RunAs | null): { uid?: number; gid?: number } {
  return runAs ? { uid: runAs.uid, gid: runAs.gid } : {};
}

/** Runs a short-lived tool to its end and returns what it said; it never throws. */
export function runTool(
  file: string,
  args: readonly string[],
  options: { runAs?: RunAs | null; input?: string } = {},
): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      ...identityOptions(options.runAs ?? null),
      // A working directory the child's user may not enter makes initdb fail; everybody may enter the root.
      cwd: '/',
      env: childEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
    });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    child.stderr.on('data', (piece: Buffer) => pieces.push(piece));
    // A tool that ends without reading its input is judged by its exit code, not by the broken pipe.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input ?? '');
    let startError: NodeJS.ErrnoException | null = null;
    const finish = (code: number | null) =>
      resolve({ code, output: Buffer.concat(pieces).toString('utf8').trim(), startError });
    child.on('error', (error: NodeJS.ErrnoException) => {
      startError = error;
      if (child.pid === undefined) finish(null);
    });
    child.on('close', (code) => finish(code));
  });
}
