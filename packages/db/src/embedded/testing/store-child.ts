import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Connection } from '../../connection.ts';
import type { StoreHolder } from '../holder-file.ts';

/** What a child says; only the fields of its event are there. */
interface Message {
  event: string;
  standing?: string;
  holder?: StoreHolder;
  connection?: Connection;
  name?: string;
  message?: string;
  code?: string;
  text?: string;
  detail?: Record<string, unknown>;
  answer?: unknown;
}

/** A process that has the store open, or was refused. */
export interface StoreChild {
  pid: number;
  process: ChildProcess;
  /** The next message of one of these events. */
  next(...events: string[]): Promise<Message>;
  say(line: string): void;
  /** Sends SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
}

/** How the process is started. */
export interface ChildOptions {
  /** In a process group of its own, so that the group can be signalled as a terminal does. */
  ownGroup?: boolean;
  /** Another installation's script. */
  script?: string;
  /** A command that runs the rest of the line. */
  wrapper?: string[];
}

const script = path.join(import.meta.dirname, 'open-in-child.ts');

/** Starts a process that opens the store in `order.dataDir`. */
export function startStoreChild(
  order: { dataDir: string; kind: 'server' | 'command' } & Record<string, unknown>,
  options: ChildOptions = {},
): StoreChild {
  const words = [...(options.wrapper ?? []), process.execPath, options.script ?? script, JSON.stringify(order)];
  const child = spawn(words[0] ?? '', words.slice(1), {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: options.ownGroup ?? false,
  });
  if (child.pid === undefined) throw new Error('the child did not start');
  const said: Message[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => waiting.forEach((resume) => resume());
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(JSON.parse(line) as Message);
    wake();
  });
  child.stdin.on('error', () => undefined);
  child.on('close', wake);
  return {
    pid: child.pid,
    process: child,
    next: async (...events) => {
      for (;;) {
        const at = said.findIndex((message) => events.includes(message.event));
        const [found] = at < 0 ? [] : said.splice(at, 1);
        if (found) return found;
        if (child.exitCode !== null || child.signalCode !== null) {
          throw new Error(`the child ended before it said ${events.join(' or ')}: ${JSON.stringify(said)}`);
        }
        await new Promise<void>((resume) => waiting.add(resume));
      }
    },
    say: (line) => void child.stdin.write(`${line}\n`),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}
