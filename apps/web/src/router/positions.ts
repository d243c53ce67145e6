const storageKey = 'devpulse.positions';
const entriesMax = 50;

/** How far down each entry of the history was, also over a reload. The browser's own memory knows nothing of pages that come late. */
export interface Positions {
  /** Notes how far down one is, before one leaves. */
  keep(): void;
  /** One stands on the entry that the browser shows now: how far down was it? */
  enter(): number;
  /** What an entry that is added to the history has to carry. */
  next(): object;
}

export function openPositions(): Positions {
  const kept = new Map(readKept());
  let entry = entryNow();
  history.scrollRestoration = 'manual';
  const keep = (): void => {
    kept.delete(entry);
    kept.set(entry, Math.round(scrollY));
  };
  addEventListener('pagehide', () => {
    keep();
    try {
      sessionStorage.setItem(storageKey, JSON.stringify([...kept].slice(-entriesMax)));
    } catch {
      // No room, or not allowed: after a reload one is at the top.
    }
  });
  return {
    keep,
    enter: () => {
      entry = entryNow();
      return kept.get(entry) ?? 0;
    },
    next: () => ({ entry: Math.random().toString(36).slice(2) }),
  };
}

function entryNow(): string {
  const state: unknown = history.state;
  return typeof state === 'object' && state !== null && 'entry' in state ? String(state.entry) : 'first';
}

function readKept(): [string, number][] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(storageKey) ?? '[]');
    return Array.isArray(kept) ? (kept as [string, number][]) : [];
  } catch {
    return [];
  }
}
