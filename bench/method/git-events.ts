import type { RawEventInput } from '@devpulse/contract/raw-event';
import type { Capture } from '@devpulse/pipeline/capture/open-capture';
import { loadConnectors } from '@devpulse/server/runtime/load-extensions';

/** Reads a repository with the git connector, and hands over what it would store, batch by batch. */
export async function pullEvents(folder: string, take: (events: RawEventInput[]) => Promise<void>): Promise<void> {
  const git = loadConnectors().get('git');
  if (git?.discover === undefined || git.pull === undefined) throw new Error('there is no git connector');
  const [found] = await git.discover(folder);
  if (found === undefined) throw new Error(`no repository in ${folder}`);
  await git.pull(found.settings, {
    cursor: null,
    capture: take,
    saveCursor: () => Promise.resolve(),
    progress: () => undefined,
    signal: new AbortController().signal,
    now: () => new Date(),
  });
}

/** Everything the connector would store of a repository. */
export async function collectEvents(folder: string): Promise<RawEventInput[]> {
  const all: RawEventInput[] = [];
  await pullEvents(folder, (events) => {
    all.push(...events);
    return Promise.resolve();
  });
  return all;
}

const batch = 500;

/** Puts events into an inbox. */
export async function captureEvents(
  capture: Capture,
  workspaceId: string,
  events: readonly RawEventInput[],
): Promise<void> {
  for (let from = 0; from < events.length; from += batch) {
    await capture.add(
      events.slice(from, from + batch).map(({ source, key, kind, arrival, body }) => ({
        workspaceId,
        source,
        key,
        kind,
        arrival,
        body: Buffer.from(body),
      })),
    );
  }
}
