import type { Scope } from './scope.ts';
import type { Row } from './verdict.ts';

/** How large a run is: `quick` for whoever develops, `full` with the history sizes of the targets. */
export type Size = 'quick' | 'default' | 'full';

/** What a target is given. */
export interface BenchContext {
  /** Closed when the target is done. */
  scope: Scope;
  /** Closed when the whole run is done: what several targets share. */
  runScope: Scope;
  size: Size;
  /** Rounds of a comparison. */
  rounds: number;
  say(text: string): void;
}

/** One target of the bench: a file in `targets/`. */
export interface BenchTarget {
  /** As in the table of targets, for example T1. */
  id: string;
  title: string;
  run(context: BenchContext): Promise<Row[]>;
}

/** The figure for this size of run. */
export function bySize<Value>(
  context: Pick<BenchContext, 'size'>,
  values: { quick: Value; default: Value; full?: Value },
): Value {
  if (context.size === 'quick') return values.quick;
  return context.size === 'full' ? (values.full ?? values.default) : values.default;
}

/** Makes something once in a run, and again only in another run. */
export function shareInRun<Thing>(
  make: (context: BenchContext) => Promise<Thing>,
): (context: BenchContext) => Promise<Thing> {
  const made = new WeakMap<Scope, Promise<Thing>>();
  return (context) => {
    const found = made.get(context.runScope);
    if (found !== undefined) return found;
    const making = make(context);
    made.set(context.runScope, making);
    return making;
  };
}
