import { z } from 'zod';
import { branchChoices } from './settings.ts';

const shas = z.array(z.string());

/** What a look at the repository started from, and its number. */
const look = z.object({
  tips: shas,
  shallow: shas,
  partial: z.boolean(),
  branches: z.enum(branchChoices),
  snapshot: z.number().int().nonnegative(),
});

const cursorSchema = z.object({
  /** The repository this is about: a folder can come to hold another one. */
  key: z.string().nullable(),
  /** Fingerprint of the repository description that was captured last. */
  repository: z.string().nullable(),
  /** The last look that was captured to its end. */
  settled: look.nullable(),
  /** The look that was begun after it: some of its events may be captured, we cannot know which. */
  attempt: look.extend({ full: z.boolean() }).nullable(),
});

export type Look = z.infer<typeof look>;
export type Attempt = NonNullable<Cursor['attempt']>;
export type Cursor = z.infer<typeof cursorSchema>;

export type Seen = Omit<Look, 'snapshot'>;

/** A cursor that we did not write means a first look, which is a full one and finds whatever is there. */
export function readCursor(saved: unknown): Cursor {
  const read = cursorSchema.safeParse(saved);
  return read.success ? read.data : { key: null, repository: null, settled: null, attempt: null };
}

export interface Plan {
  attempt: Attempt;
  /** Tips whose commits were all captured before, as faithfully as they can be now. */
  capturedBefore: string[];
}

/**
 * Decides what the next look must tell. `null`: nothing changed since the last one. A look that tells only the
 * difference is right when the facts say exactly what the settled look found; an attempt that did not end has
 * disturbed them, so the next look repeats that attempt if nothing moved, and is a full one otherwise.
 */
export function planLook(cursor: Cursor, seen: Seen, now: number): Plan | null {
  const { settled, attempt } = cursor;
  if (settled !== null && attempt === null && isSameView(settled, seen)) return null;
  const repeats = attempt !== null && isSameView(attempt, seen);
  const seesAsFar = settled !== null && isSameDepth(settled, seen);
  const full = !seesAsFar || (attempt !== null && (attempt.full || !repeats));
  const latest = Math.max(settled?.snapshot ?? 0, attempt?.snapshot ?? 0);
  return {
    attempt: { ...seen, full, snapshot: repeats ? attempt.snapshot : Math.max(now, latest + 1) },
    capturedBefore: seesAsFar ? settled.tips : [],
  };
}

function isSameView(one: Seen, two: Seen): boolean {
  return isSameList(one.tips, two.tips) && isSameDepth(one, two);
}

/** Whether history ends at the same commits and shows as much of them. */
function isSameDepth(one: Seen, two: Seen): boolean {
  return one.partial === two.partial && isSameList(one.shallow, two.shallow);
}

function isSameList(one: string[], two: string[]): boolean {
  return one.length === two.length && one.every((item, index) => item === two[index]);
}
