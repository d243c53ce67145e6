import { type Connector, type Discovered, SourceUnreadable } from '@devpulse/contract/connector';
import { AppError } from '@devpulse/contract/errors';
import type { AddSource } from '@devpulse/contract/wire/sources';
import type { Store } from '@devpulse/db/open-store';
import type { AuditActor } from '../audit/record-audit.ts';
import { addSource } from './add-source.ts';
import { findRoots, resolveWithin } from './resolve-within.ts';

export interface AddPlace {
  store: Store;
  connectors: ReadonlyMap<string, Connector>;
  gitRoots: readonly string[];
  workspaceId: string;
  wish: AddSource;
  actor: AuditActor;
}

/** Adds what can be read at a place below the roots, and says which sources that are and how many were known. */
export async function addPlace(asked: AddPlace): Promise<{ ids: string[]; known: number }> {
  const { store, workspaceId, wish } = asked;
  const ids: string[] = [];
  let known = 0;
  for (const found of await discover(asked)) {
    const settings = { ...(found.settings as object), branches: wish.branches };
    const wanted = { ...found, settings, addedBy: asked.actor };
    const { sourceId, isNew } = await addSource(store, workspaceId, wish.connector, wanted);
    ids.push(sourceId);
    known += isNew ? 0 : 1;
  }
  return { ids, known };
}

// A person waits for the answer; a folder that takes longer holds half a disk.
const searchMs = 20_000;

async function discover(asked: AddPlace): Promise<Discovered<unknown>[]> {
  const { connectors, gitRoots, wish } = asked;
  const connector = connectors.get(wish.connector);
  if (connector?.discover === undefined)
    throw new AppError('invalid_request', `The connector “${wish.connector}” is not installed.`);
  const roots = await findRoots(gitRoots);
  const place = await resolveWithin(roots, wish.place);
  const signal = AbortSignal.timeout(searchMs);
  try {
    return await connector.discover(place, { within: roots.map((root) => root.real), signal });
  } catch (error) {
    if (error instanceof SourceUnreadable) throw new AppError('invalid_request', error.message, { cause: error });
    if (!signal.aborted) throw error;
    throw new AppError(
      'invalid_request',
      `Looking through ${wish.place} takes longer than ${searchMs / 1000} seconds: name a folder closer to the repositories.`,
      { cause: error },
    );
  }
}
