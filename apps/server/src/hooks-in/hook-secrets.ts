import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { readApp } from '../connections/app-store.ts';
import type { ServerDeps } from '../deps.ts';
import type { SecretPlace } from '../secrets/keyring.ts';
import { appHook } from './read-delivery.ts';

/** Whose hook it is, and the secrets that count for it. */
export interface KnownHook {
  /** Null for the hook of the App, whose deliveries name an installation. */
  workspaceId: string | null;
  secrets: readonly string[];
}

/** The secrets of hooks, opened once and kept for a moment. */
export interface HookSecrets {
  /** Null: there is no such hook, or none whose deliveries could be checked. */
  find(hook: string): Promise<KnownHook | null>;
  forget(hook: string): void;
}

// A secret that was changed elsewhere counts this much longer in this process.
const keptMs = 2_000;
const keptMost = 10_000;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Where the secret of a hook of ours stands. */
export function secretPlace(workspaceId: string, hook: string, column: 'secret' | 'previous_secret'): SecretPlace {
  return { workspaceId, table: 'hooks', column, row: hook };
}

/** What a signature is held against where there is nothing to hold it against, so that both take the same time. */
export const nobodysSecret = randomBytes(32).toString('hex');

export function openHookSecrets(deps: Pick<ServerDeps, 'store' | 'keyring' | 'githubHost' | 'now'>): HookSecrets {
  const kept = new Map<string, { known: Promise<KnownHook | null>; until: number }>();
  return {
    find: async (hook) => {
      const now = performance.now();
      const found = kept.get(hook);
      if (found !== undefined && found.until > now) return found.known;
      if (kept.size >= keptMost) kept.clear();
      const known = hook === appHook ? findAppHook(deps) : findOwnHook(deps, hook);
      kept.set(hook, { known, until: now + keptMs });
      // What is not there, or could not be read, may be at the next try.
      known.then(
        (one) => one === null && kept.delete(hook),
        () => kept.delete(hook),
      );
      return known;
    },
    forget: (hook) => void kept.delete(hook),
  };
}

async function findAppHook({
  store,
  keyring,
  githubHost,
}: Pick<ServerDeps, 'store' | 'keyring' | 'githubHost'>): Promise<KnownHook | null> {
  const app = await readApp({ store, keyring, github: githubHost });
  return app?.webhookSecret == null ? null : { workspaceId: null, secrets: [app.webhookSecret] };
}

async function findOwnHook(
  { store, keyring }: Pick<ServerDeps, 'store' | 'keyring'>,
  hook: string,
): Promise<KnownHook | null> {
  if (!uuid.test(hook)) return null;
  const { rows } = await sql<{ workspace_id: string; secret: string; previous_secret: string | null }>`
    select workspace_id, secret, previous_secret from find_hook(${hook}::uuid)`.execute(store.app);
  const [row] = rows;
  if (row === undefined) return null;
  const { workspace_id: workspaceId } = row;
  await keyring.prepare(workspaceId);
  const secrets = [keyring.open(row.secret, secretPlace(workspaceId, hook, 'secret'))];
  if (row.previous_secret !== null)
    secrets.push(keyring.open(row.previous_secret, secretPlace(workspaceId, hook, 'previous_secret')));
  return { workspaceId, secrets };
}
