import { z } from 'zod';
import { MalformedEvent } from './drop-reasons.ts';
import type { Fact } from './facts.ts';

/**
 * The kind of a raw event, of any source, whose body holds facts as JSON. An export makes them of facts whose own events have
 * lost their bodies to retention, so that taking it in elsewhere loses nothing.
 */
export const restoredKind = 'restored-facts';

const text = z.string().max(10_000);
const who = z.strictObject({
  externalId: text.optional(),
  email: text.optional(),
  login: text.optional(),
  name: text.optional(),
  sourceKind: text.optional(),
});
const sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, 'a commit id has 40 or 64 hexadecimal digits');
const instant = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());
const offset = z.int().min(-1440).max(1440);
const count = z.int().nonnegative();
const key = z.string().min(1).max(512);

const factSchema = z.discriminatedUnion('fact', [
  z.strictObject({
    fact: z.literal('repository'),
    key,
    name: text,
    url: text.nullable(),
    defaultBranch: text.nullable(),
    state: z.enum(['active', 'archived', 'gone']),
    observedAt: instant,
  }),
  z.strictObject({
    fact: z.literal('commit'),
    sha,
    author: who,
    authoredAt: instant,
    authoredOffsetMinutes: offset,
    committer: who,
    committedAt: instant,
    committedOffsetMinutes: offset,
    parents: z.array(text).max(1000),
    subject: text,
    coAuthors: z.array(who).max(1000),
    files: z
      .array(
        z.strictObject({
          path: text,
          previousPath: text.nullable(),
          additions: count,
          deletions: count,
          isBinary: z.boolean(),
          isSubmodule: z.boolean(),
        }),
      )
      .nullable(),
    fidelity: z.int().min(0).max(100),
  }),
  z.strictObject({
    fact: z.literal('reach'),
    repository: key,
    snapshot: count,
    reachable: z.boolean(),
    shas: z.array(sha).max(2000),
  }),
  z.strictObject({ fact: z.literal('reach-baseline'), repository: key, snapshot: count }),
]);

const bodySchema = z.array(factSchema).min(1).max(1000);

/** The facts in the body of such an event; throws `MalformedEvent` for any other. */
export function readRestoredFacts(body: Uint8Array): Fact[] {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new MalformedEvent('the body is no JSON in UTF-8', { cause });
  }
  const read = bodySchema.safeParse(value);
  if (!read.success) {
    const issue = read.error.issues[0];
    throw new MalformedEvent(`${issue?.path.join('.') || 'the body'}: ${issue?.message ?? 'not as documented'}`);
  }
  return read.data as Fact[];
}
