export interface FloodGateOptions<Item> {
  /** `unwritten` others came right before this item and are told by it alone. */
  onPass: (item: Item, unwritten: number) => void;
  /** Called once a minute at most, when more kinds come than are told apart. */
  onTooMany: () => void;
}

/** What came of one kind since its minute began. */
interface Passage<Item> {
  passed: number;
  /** The newest one that waits for the end of the minute, and how many wait with it. */
  held: { item: Item; count: number } | null;
  timer: NodeJS.Timeout;
}

const windowMs = 60_000;
/** Items of one kind that pass in a minute, the one that stands for the rest among them. */
export const passesPerMinute = 10;
/** Kinds told apart in a minute. */
export const kindsPerMinute = 20;

/**
 * Lets a few items of each kind through a minute. The rest of the minute becomes one, which says how many it stands for: a
 * flood is counted without being written.
 */
export class FloodGate<Item> {
  readonly #options: FloodGateOptions<Item>;
  readonly #passages = new Map<string, Passage<Item>>();
  #toldAt = -windowMs;

  constructor(options: FloodGateOptions<Item>) {
    this.#options = options;
  }

  pass(kind: string, item: Item): void {
    const passage = this.#passages.get(kind) ?? this.#begin(kind);
    if (passage === null) return;
    if (passage.passed < passesPerMinute - 1) {
      passage.passed += 1;
      this.#options.onPass(item, 0);
    } else {
      passage.held = { item, count: (passage.held?.count ?? 0) + 1 };
    }
  }

  /** Ends every minute now. */
  open(): void {
    for (const kind of this.#passages.keys()) this.#end(kind);
  }

  #begin(kind: string): Passage<Item> | null {
    if (this.#passages.size >= kindsPerMinute) {
      if (performance.now() - this.#toldAt < windowMs) return null;
      this.#toldAt = performance.now();
      this.#options.onTooMany();
      return null;
    }
    // Must not keep a program alive that has nothing else to do.
    const timer = setTimeout(() => this.#end(kind), windowMs).unref();
    const passage: Passage<Item> = { passed: 0, held: null, timer };
    this.#passages.set(kind, passage);
    return passage;
  }

  #end(kind: string): void {
    const passage = this.#passages.get(kind);
    this.#passages.delete(kind);
    clearTimeout(passage?.timer);
    if (passage?.held) this.#options.onPass(passage.held.item, passage.held.count - 1);
  }
}
