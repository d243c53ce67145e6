import { sql } from 'kysely';
import type { GithubParts } from '../connections/github-parts.ts';
import { hearHook, type Revived } from '../connections/hear-hook.ts';
import type { Heard } from './heard.ts';
import { readPayload } from './read-payload.ts';
import { readSightChange } from './read-sight-change.ts';
import { readUnheard, type Unheard } from './list-unheard.ts';
import { noteHeard } from './note-heard.ts';
import { appHook } from './read-delivery.ts';
import { scanMembers } from './scan-members.ts';

type Parts = Pick<GithubParts, 'store' | 'github' | 'log'>;

/** Of these the whole body is read here: they say how connections are. They are small. */
const ofConnections = new Set(['installation', 'installation_repositories', 'repository']);
const perBatch = 100;

/**
 * Follows what was delivered to a workspace since the last time: what it says of connections, which sources are to be looked at, and
 * what the log of deliveries says of it. What is told of facts is read elsewhere, out of the same raw events. Cut off in between,
 * it is followed once more, which does no harm.
 */
export async function hearDeliveries(
  parts: Parts,
  workspaceId: string,
  signal: AbortSignal,
): Promise<{ heard: number; soon: Revived; changesSight: boolean }> {
  const soon = new Set<string>();
  let heard = 0;
  let changesSight = false;
  while (!signal.aborted) {
    const { deliveries, safeTo } = await readUnheard(parts.store, workspaceId, perBatch);
    const isAll = deliveries.length < perBatch;
    const known: Heard[] = [];
    for (const delivery of deliveries) {
      for (const { sourceId } of await hearConnections(parts, workspaceId, delivery)) soon.add(sourceId);
      known.push(await readHeard(delivery));
    }
    const due = await parts.store.inWorkspace(workspaceId, (trx) =>
      noteHeard(trx, { workspaceId, host: parts.github.host, heard: known, heardTo: isAll ? safeTo : null }),
    );
    for (const sourceId of due) soon.add(sourceId);
    await noteApp(parts, known);
    heard += known.length;
    changesSight ||= known.some(({ sight }) => sight !== null);
    if (isAll) break;
  }
  return { heard, soon: [...soon].map((sourceId) => ({ workspaceId, sourceId })), changesSight };
}

async function hearConnections(parts: Parts, workspaceId: string, { event, body }: Unheard): Promise<Revived> {
  if (!ofConnections.has(event)) return [];
  const payload = readPayload(body);
  return payload === undefined ? [] : hearHook(parts, { event, payload }, [workspaceId]);
}

async function readHeard({ body, ...delivery }: Unheard): Promise<Heard> {
  const found = await scanMembers(body, ['action', 'repository.id', 'repository.full_name']);
  const [action, number, name] = [found.get('action'), found.get('repository.id'), found.get('repository.full_name')];
  return {
    ...delivery,
    action: typeof action === 'string' ? cut(action, 60) : null,
    repository:
      typeof number === 'number' && Number.isSafeInteger(number)
        ? { number: String(number), name: typeof name === 'string' ? cut(name, 200) : null }
        : null,
    sight: readSightChange(delivery.event, body),
  };
}

/** As the store can keep it: no zero bytes, no half characters. */
function cut(text: string, length: number): string {
  return text.replaceAll('\0', '').slice(0, length).toWellFormed();
}

async function noteApp({ store, github }: Parts, heard: readonly Heard[]): Promise<void> {
  const last = heard.findLast((one) => one.hook === appHook);
  if (last !== undefined)
    await sql`select note_app_delivery(${github.host}, ${last.receivedAt}, false)`.execute(store.app);
}
