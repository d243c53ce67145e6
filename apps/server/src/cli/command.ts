import type { Config } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** What a command of the program is given. */
export interface CommandContext {
  config: Config;
  terminal: Terminal;
  /** The folder that relative paths belong to. */
  cwd: string;
  signal: AbortSignal;
}

/** One command: `devpulse <name> …`. */
export interface Command {
  name: string;
  summary: string;
  usage: string;
  /** Gets what follows the name; answers the exit code. */
  run(args: string[], context: CommandContext): Promise<number>;
}

/** The person typed something that cannot be meant; answered with the usage, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
