import type { Happening, World } from '../world/model.ts';
import { instantOf } from '../world/open-world.ts';
import { userShape } from '../shapes/account-shapes.ts';
import { briefRepositories, covers, installationShape, installedRepositories } from '../front/apps.ts';
import type { AppBook, Installation } from '../front/apps.ts';
import { nodeId } from '../shapes/account-shapes.ts';
import { payloadOf } from '../shapes/hook-payloads.ts';

export interface Hook {
  id: number;
  kind: 'repository' | 'organization' | 'app';
  /** The repository, the organization or the App it belongs to. */
  owner: number;
  url: string;
  contentType: 'json' | 'form';
  secret: string | null;
  insecureSsl: '0' | '1';
  events: string[];
  isActive: boolean;
  createdAt: string;
  updatedAt: string;
  lastResponse: { code: number | null; status: string; message: string | null };
}

export interface Delivery {
  id: number;
  hook: Hook;
  guid: string;
  event: string;
  action: string | null;
  /** Milliseconds since 1970, by GitHub's clock; null: not yet. */
  deliveredAt: number | null;
  isRedelivery: boolean;
  duration: number;
  status: string;
  statusCode: number;
  installation: number | null;
  repository: number | null;
  body: Buffer;
  requestHeaders: Record<string, string>;
  responseHeaders: Record<string, string>;
  responseBody: string;
}

/** A webhook that is to be sent. */
export interface Parcel {
  hook: Hook;
  event: string;
  action: string | null;
  installation: number | null;
  repository: number | null;
  body: Buffer;
}

export interface HookBook {
  hooks: Map<number, Hook>;
  deliveries: Delivery[];
}

/** Whom a happening is told to, and in which words. */
export function parcelsOf(world: World, book: HookBook, apps: AppBook, happening: Happening): Parcel[] {
  const { repository, organization, event, action } = happening;
  const owner = organization ?? repository?.owner ?? null;
  const parcels: Parcel[] = [];
  const about = { event, action, repository: repository?.id ?? null };
  let plain: Buffer | undefined;
  for (const hook of book.hooks.values()) {
    if (!listens(hook, event)) continue;
    const isTold =
      hook.kind === 'repository'
        ? hook.owner === repository?.id
        : hook.kind === 'organization' && hook.owner === owner?.id;
    if (isTold) {
      plain ??= bodyOf(payloadOf(world, happening));
      if (plain !== undefined) parcels.push({ hook, ...about, installation: null, body: plain });
    }
    if (hook.kind !== 'app') continue;
    for (const installation of apps.installations.values()) {
      if (installation.app.id !== hook.owner || installation.suspendedAt !== null) continue;
      const isCovered = repository === null ? installation.account === owner : covers(installation, repository);
      if (!isCovered) continue;
      const brief = { id: installation.id, node_id: nodeId('MDIzOkluc3RhbGxhdGlvbg', installation.id) };
      const body = bodyOf(payloadOf(world, happening, brief));
      if (body !== undefined) parcels.push({ hook, ...about, installation: installation.id, body });
    }
  }
  return parcels;
}

function listens(hook: Hook, event: string): boolean {
  return hook.isActive && (hook.events.includes('*') || hook.events.includes(event));
}

function bodyOf(payload: object | undefined): Buffer | undefined {
  return payload === undefined ? undefined : Buffer.from(JSON.stringify(payload));
}

/** What an App hears of its own installations, whatever it listens to. */
export function installationParcel(
  world: World,
  book: HookBook,
  installation: Installation,
  news: {
    event: 'installation' | 'installation_repositories';
    action: string;
    sender: Parameters<typeof userShape>[1];
    added?: Parameters<typeof briefRepositories>[0];
    removed?: Parameters<typeof briefRepositories>[0];
  },
): Parcel[] {
  const shape = installationShape(world, installation);
  const sender = userShape(world, news.sender);
  const payload =
    news.event === 'installation'
      ? {
          action: news.action,
          installation: shape,
          repositories: briefRepositories(installedRepositories(world, installation)),
          ...(news.action === 'created' ? {} : { requester: null }),
          sender,
        }
      : {
          action: news.action,
          installation: shape,
          repository_selection: shape.repository_selection,
          repositories_added: briefRepositories(news.added ?? []),
          repositories_removed: briefRepositories(news.removed ?? []),
          requester: null,
          sender,
        };
  if (news.event === 'installation' && news.action === 'created') Object.assign(payload, { requester: undefined });
  const body = Buffer.from(JSON.stringify(payload));
  return [...book.hooks.values()]
    .filter((hook) => hook.kind === 'app' && hook.owner === installation.app.id && hook.isActive)
    .map((hook) => ({
      hook,
      event: news.event,
      action: news.action,
      installation: installation.id,
      repository: null,
      body,
    }));
}

export function pingParcel(world: World, hook: Hook, shape: object, more: object): Parcel {
  const payload = { zen: 'Keep it logically awesome.', hook_id: hook.id, hook: shape, ...more };
  const repository = hook.kind === 'repository' ? hook.owner : null;
  const parcel = { hook, event: 'ping', action: null, installation: null, repository };
  hook.updatedAt = instantOf(world);
  return { ...parcel, body: Buffer.from(JSON.stringify(payload)) };
}
