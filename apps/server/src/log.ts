import { pino } from 'pino';
import type { Log } from '@devpulse/db/connection';
import { redactSecrets } from './redact-secrets.ts';

export type Logger = pino.Logger;

/** Where lines go; standard output unless a test wants to read them. */
export interface LogTarget {
  write(line: string): void;
}

/**
 * The program's log: one JSON object a line. Secrets are taken out of the finished line: paths as pino offers them cover
 * only objects whose shape is known beforehand, and a secret in a message or a stack is as public as one in a field.
 */
export function openLog(options: { level: string; target?: LogTarget }): Logger {
  const target = options.target ?? pino.destination({ fd: 1, sync: true });
  return pino(
    {
      level: options.level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line) => target.write(redactSecrets(line)) },
  );
}

/** The same log in the shape that the store asks for. */
export function storeLog(log: Logger): Log {
  return (level, message, detail) => log[level](detail ?? {}, message);
}
