import { AppError } from '@devpulse/contract/errors';
import { StoreFault, StoreInUse } from '@devpulse/db/embedded/store-faults';
import { StoreUnusable } from '@devpulse/db/prepare-roles';
import { type Command, UsageError } from './cli/command.ts';
import { openTerminal, type Terminal } from './cli/terminal.ts';
import { ConfigError, readConfig, takeConfigFlags } from './config.ts';
import { classifyError } from './errors/classify-error.ts';
import { serveCommand } from './runtime/serve-command.ts';

const usageCode = 2;

/** Finds the command, reads the configuration, runs it, and turns what went wrong into words and an exit code. */
async function main(argv: readonly string[]): Promise<number> {
  const terminal = openTerminal();
  const [name = 'help', ...words] = argv;
  const command = name === serveCommand.name ? serveCommand : (await loadCommands()).find((one) => one.name === name);
  if (command === undefined) return showHelp(terminal, name, await loadCommands());
  if (words.includes('--help')) {
    terminal.print(`${command.summary}.\n\n${command.usage}`);
    return 0;
  }
  try {
    const { flags, rest } = takeConfigFlags(words);
    const config = readConfig(
      Object.entries(flags).map(([flag, value]) => `${flag}=${value}`),
      process.env,
    );
    const cancelled = new AbortController();
    if (command !== serveCommand)
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => cancelled.abort());
    return await command.run(rest, { config, terminal, cwd: process.cwd(), signal: cancelled.signal });
  } catch (error) {
    return explain(terminal, command, error);
  }
}

/** The server does without: each of them loads what it works with. */
async function loadCommands(): Promise<readonly Command[]> {
  const { allCommands } = await import('./cli/all-commands.ts');
  return [serveCommand, ...allCommands];
}

function showHelp(terminal: Terminal, name: string, commands: readonly Command[]): number {
  const known = name === 'help' || name === '--help';
  const lines = commands.map((command) => `    ${command.name.padEnd(14)}${command.summary}`);
  const text = `devpulse <command>\n\n${lines.join('\n')}\n\ndevpulse <command> --help says more.`;
  if (known) terminal.print(text);
  else terminal.say(`There is no command "${name}".\n\n${text}`);
  return known ? 0 : usageCode;
}

/** Faults that a person can mend are told in one line; anything else is ours and keeps its stack. */
function explain(terminal: Terminal, command: Command, error: unknown): number {
  if (error instanceof UsageError || isArgumentFault(error)) {
    terminal.say(`${(error as Error).message}\n\n${command.usage}`);
    return usageCode;
  }
  if (
    error instanceof ConfigError ||
    error instanceof StoreInUse ||
    error instanceof StoreFault ||
    error instanceof StoreUnusable
  ) {
    terminal.say(error.message);
    return 1;
  }
  if (error instanceof AppError) {
    terminal.say(
      [error.message, ...error.problems.map((problem) => `  ${problem.path}: ${problem.message}`)].join('\n'),
    );
    return 1;
  }
  const fault = classifyError(error);
  if (fault.code === 'store_damaged') {
    terminal.say(
      `${fault.message} ${(error as Error).message}. Stop DevPulse and restore a backup: devpulse restore <file> --force`,
    );
    return 1;
  }
  terminal.say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return 1;
}

function isArgumentFault(error: unknown): boolean {
  return error instanceof TypeError && String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS');
}

// Whoever pipes us into `head` has read enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});
process.exitCode = await main(process.argv.slice(2));
