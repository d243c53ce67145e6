import { Random } from '@devpulse/scenarios/random';

export interface Fault {
  /** What comes instead of the answer. `silence` never answers; `reset` cuts the line; `cut` is half of the JSON. */
  kind: 500 | 502 | 503 | 504 | 'cut' | 'html' | 'silence' | 'reset';
  method?: string;
  /** Of the API, without its prefix. */
  path?: RegExp;
  /** Only this page of a list. */
  page?: number;
  /** How likely it is; always, without one. */
  rate?: number;
  /** How often at most. */
  times?: number;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that strikes this request, if any. */
  strike(ask: { method: string; path: string; page: number }): Fault['kind'] | undefined;
}

export function openFaults(seed: string): Faults {
  const random = new Random(seed);
  let faults: (Fault & { left: number })[] = [];
  return {
    add: (fault) => {
      faults.push({ ...fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear: () => {
      faults = [];
    },
    strike: ({ method, path, page }) => {
      const found = faults.find(
        (fault) =>
          fault.left > 0 &&
          (fault.method ?? method) === method &&
          (fault.page ?? page) === page &&
          (fault.path?.test(path) ?? true) &&
          random.chance(fault.rate ?? 1),
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.kind;
    },
  };
}
