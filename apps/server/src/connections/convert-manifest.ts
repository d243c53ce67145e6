import { createPrivateKey } from 'node:crypto';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { SourceRefused } from '@devpulse/contract/source-client';
import { type InstanceApp, readApp, saveApp } from './app-store.ts';
import { askAsApp } from './ask-as-app.ts';
import { askGithub } from './ask-github.ts';
import type { GithubParts } from './github-parts.ts';

const appShape = z.looseObject({
  id: z.number().int().positive(),
  slug: z.string().min(1),
  name: z.string().min(1),
  html_url: z.string(),
  owner: z.looseObject({ login: z.string().optional(), slug: z.string().optional() }).nullish(),
  client_id: z.string().optional(),
  permissions: z.record(z.string(), z.string()).default({}),
  events: z.array(z.string()).default([]),
});
export const convertedShape = appShape.extend({
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
  pem: z.string().min(1),
  webhook_secret: z.string().nullish(),
});

/** Exchanges the code with which GitHub sent the browser back for the App that was made: once, within an hour. */
export async function convertManifest(parts: GithubParts, code: string): Promise<InstanceApp | null> {
  const answer = await askGithub(parts, {
    method: 'POST',
    path: `/app-manifests/${encodeURIComponent(code)}/conversions`,
  });
  const made = convertedShape.safeParse(answer.json);
  if (answer.status !== 201 || !made.success) return null;
  await saveApp(parts, {
    ...readShape(made.data),
    clientId: made.data.client_id,
    clientSecret: made.data.client_secret,
    privateKey: made.data.pem,
    webhookSecret: made.data.webhook_secret ?? null,
  });
  return readApp(parts);
}

/** Keeps an App whose number and key somebody pasted, once GitHub has accepted the key. */
export async function pasteApp(
  parts: GithubParts,
  pasted: {
    number: string;
    privateKey: string;
    webhookSecret?: string | undefined;
    clientId?: string | undefined;
    clientSecret?: string | undefined;
  },
): Promise<void> {
  demandKey(pasted.privateKey);
  const before = await readApp(parts);
  const kept = before?.number === pasted.number ? before : null;
  const answer = await askAsApp(
    parts,
    { number: pasted.number, privateKey: pasted.privateKey },
    { path: '/app' },
  ).catch((error: unknown) => {
    if (error instanceof SourceRefused && error.kind === 'unauthenticated')
      throw wrong('privateKey', 'GitHub does not accept this key for this App.');
    throw error;
  });
  const found = appShape.safeParse(answer.json);
  if (answer.status !== 200 || !found.success || String(found.data.id) !== pasted.number)
    throw wrong('number', `GitHub answered ${answer.status} when asked for this App.`);
  await saveApp(parts, {
    ...readShape(found.data),
    privateKey: pasted.privateKey,
    clientId: pasted.clientId ?? found.data.client_id ?? kept?.clientId ?? null,
    clientSecret: pasted.clientSecret ?? kept?.clientSecret ?? null,
    webhookSecret: pasted.webhookSecret ?? kept?.webhookSecret ?? null,
  });
}

function readShape(
  shape: z.infer<typeof appShape>,
): Pick<InstanceApp, 'number' | 'slug' | 'name' | 'url' | 'owner' | 'permissions' | 'events'> {
  return {
    number: String(shape.id),
    slug: shape.slug,
    name: shape.name,
    url: shape.html_url,
    owner: shape.owner?.login ?? shape.owner?.slug ?? '',
    permissions: shape.permissions,
    events: shape.events,
  };
}

function demandKey(pem: string): void {
  try {
    if (createPrivateKey(pem).asymmetricKeyType === 'rsa') return;
  } catch {
    // Said below, without what the parser has to say: it may quote the key.
  }
  throw wrong('privateKey', 'This is no private key of a GitHub App: it begins with -----BEGIN RSA PRIVATE KEY-----.');
}

function wrong(field: string, message: string): AppError {
  return new AppError('invalid_request', message, { problems: [{ path: `body.${field}`, message }] });
}
