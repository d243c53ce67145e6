import { z } from 'zod';
import { account, toIdentity } from './accounts.ts';
import { laterBy } from './order-in-second.ts';
import { name, readShape, refName, sha } from './read-shape.ts';
import { latestOf, pushedAtOf } from './read-repositories.ts';
import type { FactOf, Told } from './told.ts';

type RefFact = FactOf<'ref'>;

const push = z.object({
  ref: refName,
  before: sha,
  after: sha,
  forced: z.boolean().default(false),
  deleted: z.boolean().optional(),
  commits: z.array(z.unknown()).default([]),
  pusher: z.object({ name: name.nullish(), email: name.nullish() }).nullish(),
  sender: account,
  repository: z.unknown(),
});

/**
 * That somebody pushed, and where the ref stands since. Nothing of what was pushed: the commits in the event have no parents, no
 * accounts and no lines, and beyond 2,048 they are left out.
 */
export function readPush(told: Told, body: object): (FactOf<'push'> | RefFact)[] {
  const found = readShape(push, body, 'the body');
  const isGone = found.deleted ?? isNothing(found.after);
  return [
    {
      fact: 'push',
      repository: told.repository,
      ref: found.ref,
      before: found.before,
      after: found.after,
      isForced: found.forced,
      pusher: pusherOf(told, found),
      at: pushedAtOf(found.repository),
      commits: found.commits.length,
    },
    ...toRef(told, found.ref, isGone ? null : found.after, laterBy(latestOf(found.repository), told.order)),
  ];
}

/** Deploy keys push as well; the sender is then the repository's owner, who did not. */
function pusherOf(told: Told, found: z.output<typeof push>) {
  const pusher = found.pusher?.name ?? '';
  const isSender = pusher === '' || pusher === found.sender?.login;
  if (isSender) return toIdentity(told.host, found.sender);
  const email = found.pusher?.email ?? null;
  return email === null || email === '' ? { name: pusher } : { name: pusher, email };
}

function isNothing(after: string): boolean {
  return /^0+$/.test(after);
}

/** Branches and tags; other refs (notes, pull requests) are nobody's work. */
function toRef(told: Told, ref: string, at: string | null, observedAt: string): RefFact[] {
  const match = /^refs\/(heads|tags)\/(.+)$/s.exec(ref);
  if (match === null) return [];
  const kind = match[1] === 'heads' ? 'branch' : 'tag';
  return [{ fact: 'ref', repository: told.repository, kind, name: match[2] ?? '', sha: at, observedAt }];
}

const deletion = z.object({ ref: refName, ref_type: z.enum(['branch', 'tag']), repository: z.unknown() });

/** That a branch or tag was deleted. */
export function readDeletedRef(told: Told, body: object): RefFact[] {
  const found = readShape(deletion, body, 'the body');
  const folder = found.ref_type === 'branch' ? 'refs/heads/' : 'refs/tags/';
  const ref = found.ref.startsWith(folder) ? found.ref : `${folder}${found.ref}`;
  return toRef(told, ref, null, laterBy(latestOf(found.repository), told.order));
}

const refs = z.array(z.object({ ref: refName, object: z.object({ sha }) }));

/** Where branches and tags stand, and which of those seen before are gone. */
export function readRefs(told: Told, data: unknown, extra: { gone: string[]; observedAt: string }): RefFact[] {
  return [
    ...readShape(refs, data, 'data').flatMap(({ ref, object }) => toRef(told, ref, object.sha, extra.observedAt)),
    ...extra.gone.flatMap((ref) => toRef(told, ref, null, extra.observedAt)),
  ];
}
