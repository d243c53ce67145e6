import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type PullContext, type PullProgress, SourceUnreadable } from '@devpulse/contract/connector';
import type { RawEventInput } from '@devpulse/contract/raw-event';
import {
  buildBaselineEvent,
  buildCommitEvent,
  buildReachEvent,
  buildRepositoryEvent,
  fingerprintDescription,
  type RepositoryDescription,
} from './build-events.ts';
import { CaptureBatches } from './capture-batches.ts';
import { readRemote, repositoryKey, repositoryName } from './describe-repository.ts';
import { explainFailure } from './explain-failure.ts';
import { type OpenedRepository, openRepository } from './open-repository.ts';
import { type Cursor, type Plan, planLook, readCursor, type Seen } from './plan-look.ts';
import { readTips } from './read-tips.ts';
import { requireGit } from './require-git.ts';
import type { GitSettings } from './settings.ts';
import { streamLog } from './stream-log.ts';
import { countStretch, isWhole, listStretch, type Stretch } from './walk-history.ts';

const shasPerChunk = 2000;

/** Reads one repository into raw events; whatever it was when we looked last, the facts end at what it is now. */
export async function pull(settings: GitSettings, context: PullContext): Promise<void> {
  const cursor = readCursor(context.cursor);
  await requireGit(context.signal);
  const repository = await openAgain(settings.path, cursor, context.signal);
  if (cursor.key !== null && cursor.key !== repositoryKey(repository.commonDir)) {
    throw vanished(
      `${settings.path} holds another repository than when it was read last: add it as a source of its own.`,
    );
  }
  const host = new WatchedHost(context);
  try {
    const view = await readView(repository, settings, context.signal);
    await lookAt({ repository, context: host, cursor, ...view });
  } catch (error) {
    context.signal.throwIfAborted();
    throw host.failed.includes(error) ? error : await explainFailure(error, repository.commonDir);
  }
}

/** Remembers what failed at the host's side: a store that may not be reached is no folder that may not be read. */
class WatchedHost implements PullContext {
  readonly cursor: unknown;
  readonly signal: AbortSignal;
  readonly failed: unknown[] = [];
  readonly #host: PullContext;

  constructor(host: PullContext) {
    this.#host = host;
    this.cursor = host.cursor;
    this.signal = host.signal;
  }

  capture(events: RawEventInput[]): Promise<void> {
    return this.#watch(this.#host.capture(events));
  }

  saveCursor(cursor: unknown): Promise<void> {
    return this.#watch(this.#host.saveCursor(cursor));
  }

  progress(progress: PullProgress): void {
    this.#host.progress(progress);
  }

  now(): Date {
    return this.#host.now();
  }

  async #watch(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.failed.push(error);
      throw error;
    }
  }
}

/** A folder that was there before may come back (a drive, a share): that is worth another try. */
async function openAgain(folder: string, cursor: Cursor, signal: AbortSignal): Promise<OpenedRepository> {
  try {
    return await openRepository(folder, signal);
  } catch (error) {
    const isGone = error instanceof SourceUnreadable && ['not_found', 'not_a_source'].includes(error.code);
    if (!isGone || cursor.key === null) throw error;
    throw vanished(`The repository at ${folder} is gone since it was read last.`, error);
  }
}

function vanished(message: string, cause?: unknown): SourceUnreadable {
  return new SourceUnreadable('vanished', message, { retry: true, cause });
}

interface View {
  seen: Seen;
  description: RepositoryDescription;
}

async function readView(repository: OpenedRepository, settings: GitSettings, signal: AbortSignal): Promise<View> {
  const remote = await readRemote(repository, signal);
  const { tips, defaultBranch } = await readTips(repository, settings.branches, signal);
  const shallow = await readShallow(repository.commonDir);
  return {
    seen: { tips, shallow, partial: remote.partial, branches: settings.branches },
    description: {
      repository: repositoryKey(repository.commonDir),
      path: repository.path,
      name: repositoryName(repository.commonDir),
      url: remote.url,
      defaultBranch,
    },
  };
}

/** The commits at which the history was cut. */
async function readShallow(commonDir: string): Promise<string[]> {
  try {
    const text = await readFile(path.join(commonDir, 'shallow'), 'latin1');
    return text
      .split('\n')
      .filter((line) => line !== '')
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

interface LookAt extends View {
  repository: OpenedRepository;
  context: PullContext;
  cursor: Cursor;
}

async function lookAt(look: LookAt): Promise<void> {
  const { cursor, seen, context } = look;
  const plan = await planWith(look, planLook(cursor, seen, context.now().getTime()));
  const isDescribed = cursor.repository === fingerprintDescription(look.description);
  if (plan === null && isDescribed) return;
  // Said before the first event: after a crash the facts are known to lie between the settled look and this one.
  const key = look.description.repository;
  if (plan !== null) await context.saveCursor({ ...cursor, key, attempt: plan.attempt } satisfies Cursor);
  if (!isDescribed) {
    const observedAt = plan === null ? context.now() : new Date(plan.attempt.snapshot);
    await context.capture([buildRepositoryEvent(look.description, observedAt)]);
  }
  if (plan !== null) {
    await captureCommits(look, plan);
    await captureReach(look, plan);
  }
  await context.saveCursor({
    key,
    repository: fingerprintDescription(look.description),
    settled: plan === null ? cursor.settled : { ...seen, snapshot: plan.attempt.snapshot },
    attempt: null,
  } satisfies Cursor);
}

/** What was left behind can only be told while the old commits are stored; otherwise everything that is there is told. */
async function planWith(look: LookAt, plan: Plan | null): Promise<Plan | null> {
  if (plan === null || plan.attempt.full || (await isWhole(leftBehind(look)))) return plan;
  return { ...plan, attempt: { ...plan.attempt, full: true } };
}

function leftBehind({ repository, cursor, seen, context }: LookAt): Stretch {
  const kept = new Set(seen.tips);
  const from = (cursor.settled?.tips ?? []).filter((tip) => !kept.has(tip));
  return { repository, from, without: seen.tips, signal: context.signal };
}

async function captureCommits(look: LookAt, plan: Plan): Promise<void> {
  const { repository, seen, description, context } = look;
  const stretch = { repository, from: seen.tips, without: plan.capturedBefore, signal: context.signal };
  const total = await countStretch(stretch);
  let done = 0;
  const report = (count: number): void => {
    done += count;
    context.progress({ what: description.name, done, total });
  };
  report(0);
  const batches = new CaptureBatches(context, report);
  try {
    for await (const records of streamLog({ ...stretch, shallow: seen.shallow, partial: seen.partial })) {
      for (const record of records) await batches.add(buildCommitEvent(description.repository, record));
    }
    await batches.flush();
  } finally {
    await batches.settle();
  }
}

async function captureReach(look: LookAt, plan: Plan): Promise<void> {
  const { repository, seen, description, context, cursor } = look;
  const { full, snapshot } = plan.attempt;
  const without = full ? [] : (cursor.settled?.tips ?? []);
  await captureStretch(look, snapshot, true, { repository, from: seen.tips, without, signal: context.signal });
  if (full) await context.capture([buildBaselineEvent(description.repository, snapshot)]);
  else await captureStretch(look, snapshot, false, leftBehind(look));
}

async function captureStretch(look: LookAt, snapshot: number, reachable: boolean, stretch: Stretch): Promise<void> {
  const { repository } = look.description;
  const batches = new CaptureBatches(look.context);
  let shas: string[] = [];
  let number = 0;
  const send = async (): Promise<void> => {
    await batches.add(buildReachEvent({ repository, snapshot, reachable, shas }, number));
    shas = [];
    number += 1;
  };
  try {
    for await (const group of listStretch(stretch)) {
      for (const sha of group) {
        shas.push(sha);
        if (shas.length === shasPerChunk) await send();
      }
    }
    if (shas.length > 0) await send();
    await batches.flush();
  } finally {
    await batches.settle();
  }
}
