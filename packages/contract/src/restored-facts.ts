import { z } from 'zod';
import { MalformedEvent } from './drop-reasons.ts';
import { deliveryFacts } from './facts/delivery.ts';
import { changedFile, count, instant, key, sha, text, who } from './facts/parts.ts';
import { repositoryFacts } from './facts/repositories.ts';
import { threadFacts } from './facts/threads.ts';
import type { Fact } from './facts.ts';

/**
 * The kind of a raw event, of any source, whose body holds facts as JSON. An export makes them of facts whose own events have
 * lost their bodies to retention, so that taking it in elsewhere loses nothing.
 */
export const restoredKind = 'restored-facts';

const offset = z.int().min(-1440).max(1440);

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
    files: z.array(changedFile).nullable(),
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
  ...threadFacts,
  ...deliveryFacts,
  ...repositoryFacts,
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
  return read.data;
}
