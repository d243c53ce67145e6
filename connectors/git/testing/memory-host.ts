import type { PullContext, PullProgress } from '@devpulse/contract/connector';
import type { CommitFact, Fact, RepositoryFact } from '@devpulse/contract/facts';
import { MalformedEvent } from '@devpulse/contract/drop-reasons';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import { pull } from '../fetch.ts';
import { parse } from '../parse.ts';

export class InjectedCrash extends Error {
  override name = 'InjectedCrash';
}

export interface PullOptions {
  branches?: 'all' | 'default';
  /** The how manieth step (a capture or a saved cursor) dies, and whether its work was done before it died. */
  crashAt?: { step: number; done: boolean };
  signal?: AbortSignal;
  onCapture?: (events: RawEventInput[]) => void | Promise<void>;
}

/** What the pipeline is to a connector: keeps each key once, remembers the cursor, applies facts by their rules. */
export class MemoryHost {
  readonly events = new Map<string, RawEventInput>();
  readonly progress: PullProgress[] = [];
  cursor: unknown = null;
  /** Every call of capture, repeats included. */
  captured: RawEventInput[][] = [];
  clock = Date.UTC(2026, 0, 1);

  async pull(path: string, options: PullOptions = {}): Promise<void> {
    let steps = 0;
    this.captured = [];
    const step = async (work: () => void | Promise<void>): Promise<void> => {
      // The store takes its time: what is not awaited shows.
      await new Promise((resolve) => setImmediate(resolve));
      steps += 1;
      const isLast = steps === options.crashAt?.step;
      if (!isLast || options.crashAt?.done === true) await work();
      if (isLast) throw new InjectedCrash(`died at step ${steps}`);
    };
    const context: PullContext = {
      cursor: structuredClone(this.cursor),
      capture: (events) =>
        step(async () => {
          this.#store(events);
          await options.onCapture?.(events);
        }),
      saveCursor: (cursor) =>
        step(() => {
          this.cursor = JSON.parse(JSON.stringify(cursor));
        }),
      progress: (progress) => void this.progress.push(progress),
      signal: options.signal ?? new AbortController().signal,
      now: () => new Date((this.clock += 1000)),
    };
    await pull({ path, branches: options.branches ?? 'all' }, context);
  }

  #store(events: RawEventInput[]): void {
    this.captured.push(events);
    for (const event of events) {
      const known = this.events.get(event.key);
      if (known === undefined) this.events.set(event.key, { ...event, body: Buffer.from(event.body) });
      else if (!Buffer.from(known.body).equals(event.body)) throw new Error(`${event.key} came with two bodies`);
    }
  }

  keys(kind: string): string[] {
    return [...this.events.values()].filter((event) => event.kind === kind).map((event) => event.key);
  }

  facts(order: (events: RawEventInput[]) => RawEventInput[] = (events) => events): FactTable {
    const table = new FactTable();
    for (const event of order([...this.events.values()])) {
      try {
        const result = parse(event);
        if ('facts' in result) result.facts.forEach((fact) => table.apply(fact));
      } catch (error) {
        if (!(error instanceof MalformedEvent)) throw error;
        table.malformed.push(event.key);
      }
    }
    return table;
  }
}

/** The rules of the contract in their plainest form. */
export class FactTable {
  readonly commits = new Map<string, CommitFact>();
  readonly repositories = new Map<string, RepositoryFact>();
  readonly malformed: string[] = [];
  readonly #reach = new Map<string, Map<string, { snapshot: number; reachable: boolean }>>();
  readonly #baselines = new Map<string, number>();

  apply(fact: Fact): void {
    switch (fact.fact) {
      case 'commit':
        if (fact.fidelity > (this.commits.get(fact.sha)?.fidelity ?? 0)) this.commits.set(fact.sha, fact);
        return;
      case 'repository':
        if (fact.observedAt > (this.repositories.get(fact.key)?.observedAt ?? '')) {
          this.repositories.set(fact.key, fact);
        }
        return;
      case 'reach': {
        const known = this.#reach.get(fact.repository) ?? new Map<string, { snapshot: number; reachable: boolean }>();
        this.#reach.set(fact.repository, known);
        for (const sha of fact.shas) {
          if (fact.snapshot > (known.get(sha)?.snapshot ?? -1)) known.set(sha, fact);
        }
        return;
      }
      case 'reach-baseline':
        if (fact.snapshot > (this.#baselines.get(fact.repository) ?? -1)) {
          this.#baselines.set(fact.repository, fact.snapshot);
        }
        return;
      default:
        throw new Error(`git tells no ${fact.fact}`);
    }
  }

  /** The commits that count. */
  reachable(): string[] {
    const found = new Set<string>();
    for (const [repository, shas] of this.#reach) {
      const baseline = this.#baselines.get(repository) ?? 0;
      for (const [sha, { snapshot, reachable }] of shas) if (reachable && snapshot >= baseline) found.add(sha);
    }
    return [...found].toSorted();
  }

  commit(sha: string): CommitFact {
    const found = this.commits.get(sha);
    if (found === undefined) throw new Error(`no commit ${sha}`);
    return found;
  }
}
