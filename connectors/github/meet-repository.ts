import { SourceUnreadable } from '@devpulse/contract/connector';
import { SourceRefused } from '@devpulse/contract/source-client';
import { z } from 'zod';
import { heardAt, ask, keep, type Look, saveCursor, toEvent, under } from './look.ts';
import { parts, probeQuestion, type Part } from './questions.ts';

const repository = z.looseObject({ id: z.int(), full_name: z.string() });

const newest = z
  .object({
    totalCount: z.int(),
    nodes: z.array(z.looseObject({ updatedAt: z.string() }).nullable()).nullable(),
  })
  .optional();

const probe = z.object({
  databaseId: z.int().nullable(),
  nameWithOwner: z.string(),
  pushedAt: z.string().nullable(),
  stargazerCount: z.int(),
  forkCount: z.int(),
  defaultBranchRef: z.object({ name: z.string(), target: z.object({ oid: z.string() }).nullable() }).nullable(),
  pullRequests: newest,
  issues: newest,
  discussions: newest,
  releases: newest,
});
type Probe = z.infer<typeof probe>;

/** What a look sees of a repository at first, as texts that are compared with those of the last one. */
export interface Seen {
  pulls: string;
  issues: string;
  discussions: string;
  releases: string;
  stars: string;
  forks: string;
  pushed: string;
}

export interface Met {
  seen: Seen;
  defaultBranch: { name: string; sha: string } | null;
}

/** Finds the repository by its number, whatever it is called today, and asks what there is. */
export async function meetRepository(look: Look): Promise<Met> {
  const isNew = await readIdentity(look, look.cursor.lastModified);
  let found = await tryProbe(look);
  if (found?.databaseId !== look.settings.id && !isNew) {
    // The name was given to another one meanwhile.
    await readIdentity(look, null);
    found = await tryProbe(look);
  }
  if (found === null) throw new SourceRefused('missing', `${look.settings.host} shows no ${look.name} any more.`);
  if (found.databaseId !== look.settings.id)
    throw new SourceRefused('failed', `${look.name} is another repository than the one that is read.`);
  await noteName(look, found.nameWithOwner);
  const defaultBranch = readDefaultBranch(found);
  look.main = defaultBranch?.name ?? null;
  return { seen: seenOf(found), defaultBranch };
}

function readDefaultBranch({ defaultBranchRef: ref }: Probe): Met['defaultBranch'] {
  return ref === null || ref.target === null ? null : { name: ref.name, sha: ref.target.oid };
}

function seenOf(found: Probe): Seen {
  const text = (list: Probe['issues']): string =>
    list === undefined ? '' : `${list.nodes?.[0]?.updatedAt ?? ''} ${list.totalCount}`;
  return {
    pulls: text(found.pullRequests),
    issues: text(found.issues),
    discussions: text(found.discussions),
    releases: text(found.releases),
    stars: String(found.stargazerCount),
    forks: String(found.forkCount),
    pushed: `${found.pushedAt ?? ''} ${found.defaultBranchRef?.name ?? ''} ${found.defaultBranchRef?.target?.oid ?? ''}`,
  };
}

/** Whether the answer was a new one. An unchanged one costs nothing, and tells GitHub's clock all the same. */
async function readIdentity(look: Look, modifiedSince: string | null): Promise<boolean> {
  const { cursor } = look;
  const answer = await look.live.get(under(look, ''), {
    ...(modifiedSince === null ? {} : { unless: { modifiedSince } }),
    allow: [404, 410, 451],
  });
  look.heard(answer);
  if (answer.status >= 400) await meetNothing(look);
  cursor.missing = 0;
  if (answer.isUnchanged) return false;
  const found = repository.parse(answer.json);
  await noteName(look, found.full_name);
  cursor.lastModified = answer.lastModified;
  await keep(look, [toEvent(heardAt(look, answer.at), 'repository', answer.json, {})]);
  return true;
}

async function noteName(look: Look, name: string): Promise<void> {
  if (look.name !== name) await look.context.rename?.(name);
  look.name = name;
  look.cursor.name = name;
}

/** What cannot be seen may be gone or hidden; only when the listing says so a second time it is told as a fact. */
async function meetNothing(look: Look): Promise<never> {
  const { cursor, settings, context, name } = look;
  cursor.missing += 1;
  await saveCursor(look);
  if (cursor.missing > 1 && (await context.isGone?.()) === true) {
    const known = { full_name: name, html_url: null, default_branch: null };
    await keep(look, [toEvent(look, 'repository-gone', known, {})]);
    throw new SourceUnreadable(
      'gone',
      `${name} is no more at ${settings.host}. What was read stays until it is erased.`,
      {
        retry: true,
      },
    );
  }
  const message = `${settings.host} does not show ${name}: it was deleted, or the connection may not see it any more. What was read stays.`;
  throw new SourceRefused('missing', message, { status: 404 });
}

async function tryProbe(look: Look): Promise<Probe | null> {
  const { cursor } = look;
  try {
    return await askFor(look, withParts(cursor.without));
  } catch (error) {
    if (!(error instanceof SourceRefused)) throw error;
    if (error.kind === 'missing') return null;
    if (!mayBePart(error)) throw error;
    cursor.without = await findDenied(look);
    return askFor(look, withParts(cursor.without));
  }
}

function withParts(without: readonly string[]): Part[] {
  return parts.filter((part) => !without.includes(part));
}

function askFor(look: Look, wanted: readonly Part[]): Promise<Probe> {
  return ask(look, look.live, { question: probeQuestion(wanted) }, probe);
}

/** A credential that does not reach issues makes the whole answer half a one. */
function mayBePart({ kind, message }: SourceRefused): boolean {
  return (kind === 'partial' || kind === 'denied') && /not accessible|insufficient|disabled/i.test(message);
}

async function findDenied(look: Look): Promise<string[]> {
  await askFor(look, []);
  const denied: string[] = [];
  for (const part of parts) {
    try {
      await askFor(look, [part]);
    } catch (error) {
      if (!(error instanceof SourceRefused) || !mayBePart(error)) throw error;
      denied.push(part);
    }
  }
  return denied;
}
