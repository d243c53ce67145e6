import { randomBytes } from 'node:crypto';
import type { LiveChange } from '@devpulse/contract/wire/live';
import { everything, mergeChanges } from './merge-changes.ts';

const kept = 500;

interface Entry {
  workspaceId: string;
  change: LiveChange;
}

/** The last changes this process heard of, so that a client that comes back learns what it missed. */
export class ChangeLog {
  #epoch = newEpoch();
  #entries: Entry[] = [];
  /** The number of the first entry that is kept; they count up from 1. */
  #first = 1;

  /** Stands for everything until now; of use to this process only. */
  get cursor(): string {
    return `${this.#epoch}-${this.#first + this.#entries.length - 1}`;
  }

  add(workspaceId: string, change: LiveChange): void {
    this.#entries.push({ workspaceId, change });
    if (this.#entries.length <= kept) return;
    this.#entries.shift();
    this.#first += 1;
  }

  /** Nobody knows what was missed: from now on every earlier cursor leads to "everything". */
  restart(): void {
    this.#epoch = newEpoch();
    this.#entries = [];
    this.#first = 1;
  }

  /** What happened in a workspace since then as one change; null when nothing did. */
  since(cursor: string, workspaceId: string): LiveChange | null {
    const [, epoch, number] = /^([0-9a-f]+)-(\d+)$/.exec(cursor) ?? [];
    const seen = Number(number);
    const last = this.#first + this.#entries.length - 1;
    if (epoch !== this.#epoch || !Number.isSafeInteger(seen) || seen < this.#first - 1 || seen > last)
      return everything;
    const missed = this.#entries.slice(seen + 1 - this.#first).filter((entry) => entry.workspaceId === workspaceId);
    return missed.map(({ change }) => change).reduce<LiveChange | null>(merge, null);
  }
}

function merge(all: LiveChange | null, change: LiveChange): LiveChange {
  return all === null ? change : mergeChanges(all, change);
}

function newEpoch(): string {
  return randomBytes(6).toString('hex');
}
