import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { AppError } from '@devpulse/contract/errors';
import { idParamsSchema } from '@devpulse/contract/wire/people';
import {
  avatarQuerySchema,
  newAvatarSchema,
  preferencesSchema,
  profileSchema,
  updatePreferencesSchema,
  updateProfileSchema,
  zonePreviewQuerySchema,
  zonePreviewSchema,
} from '@devpulse/contract/wire/profile';
import type { App, ServerDeps } from '../deps.ts';
import { putAvatar, readAvatar, removeAvatar } from './change-avatar.ts';
import { type Own, showProfile, updateProfile } from './own-profile.ts';
import { readPreferences, savePreferences } from './preferences.ts';
import { previewZone } from './preview-zone.ts';

const tags = ['Profile'];
const image = { schema: z.custom<Buffer>().meta({ type: 'string', format: 'binary' }) };

/** How people show themselves, and how they like their screens. */
export function registerProfileRoutes(app: App, deps: ServerDeps): void {
  registerProfiles(app, deps);
  registerAvatars(app, deps);
  registerPreferences(app, deps);
  registerZonePreviews(app, deps);
}

function ownOf({ viewer }: FastifyRequest, deps: ServerDeps, personId = viewer.personId): Own {
  return { store: deps.store, workspaceId: viewer.workspaceId, personId };
}

function registerProfiles(app: App, deps: ServerDeps): void {
  app.get('/api/v1/people/:id/profile', {
    config: { permission: 'people.read', errors: ['not_found'] },
    schema: {
      operationId: 'showProfile',
      tags,
      summary: 'How somebody shows themselves in this workspace',
      params: idParamsSchema,
      response: { 200: profileSchema },
    },
    handler: async (request) => showProfile(ownOf(request, deps, request.params.id)),
  });
  app.patch('/api/v1/me/profile', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'updateProfile',
      tags,
      summary: 'Say something about yourself',
      description: 'Markdown; HTML in it stays text, and pictures in it are never fetched.',
      body: updateProfileSchema,
      response: { 200: profileSchema },
    },
    handler: async (request) => updateProfile(ownOf(request, deps), request.body),
  });
}

function registerAvatars(app: App, deps: ServerDeps): void {
  app.put('/api/v1/me/avatar', {
    // A picture of 512 KiB as text, with its frame.
    bodyLimit: 720 * 1024,
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'putAvatar',
      tags,
      summary: 'Show a picture in place of your initials',
      description:
        'A PNG, JPEG or WebP, told by its first bytes. It is rewritten with its pixels alone: place, hour and camera are not kept.',
      body: newAvatarSchema,
      response: { 200: profileSchema },
    },
    handler: async (request) => putAvatar(ownOf(request, deps), request.body.image),
  });
  app.delete('/api/v1/me/avatar', {
    config: { permission: 'account.manage' },
    schema: { operationId: 'removeAvatar', tags, summary: 'Go back to initials', response: { 200: profileSchema } },
    handler: async (request) => removeAvatar(ownOf(request, deps)),
  });
  app.get('/api/v1/people/:id/avatar', {
    config: { permission: 'people.read', errors: ['not_found'] },
    schema: {
      operationId: 'showAvatar',
      tags,
      summary: 'Somebody’s picture',
      params: idParamsSchema,
      querystring: avatarQuerySchema,
      response: {
        200: {
          description: 'The picture',
          content: { 'image/png': image, 'image/jpeg': image, 'image/webp': image },
        },
      },
    },
    handler: async (request, reply) => {
      const avatar = await readAvatar(ownOf(request, deps, request.params.id));
      // The address names the bytes, so a browser may keep them; whoever signs in next at the same browser may be another.
      return reply
        .headers({
          'content-type': avatar.type,
          'content-disposition': 'inline; filename="avatar"',
          'content-security-policy': "default-src 'none'; sandbox",
          'cache-control': request.query.v === avatar.digest ? 'private, max-age=86400' : 'no-store',
          vary: 'cookie, authorization',
        })
        .send(avatar.body);
    },
  });
}

function registerPreferences(app: App, deps: ServerDeps): void {
  app.get('/api/v1/me/preferences', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'showPreferences',
      tags,
      summary: 'How your screens look, in whatever browser',
      response: { 200: preferencesSchema },
    },
    handler: async (request) => readPreferences(deps.store, accountOf(request)),
  });
  app.patch('/api/v1/me/preferences', {
    config: { permission: 'account.manage' },
    schema: {
      operationId: 'updatePreferences',
      tags,
      summary: 'Change how your screens look',
      body: updatePreferencesSchema,
      response: { 200: preferencesSchema },
    },
    handler: async (request) => savePreferences(deps.store, accountOf(request), request.body),
  });
}

function registerZonePreviews(app: App, deps: ServerDeps): void {
  app.get('/api/v1/me/zone-preview', {
    config: { permission: 'self.read' },
    schema: {
      operationId: 'previewZone',
      tags,
      summary: 'What another time zone would cut anew',
      description:
        'Changes nothing. Days in a zone that differs by hours begin elsewhere, so commits near midnight move.',
      querystring: zonePreviewQuerySchema,
      response: { 200: zonePreviewSchema },
    },
    handler: async (request) => previewZone({ ...ownOf(request, deps), zone: request.query.zone }),
  });
  app.get('/api/v1/workspace/zone-preview', {
    config: { permission: 'workspace.change' },
    schema: {
      operationId: 'previewWorkspaceZone',
      tags,
      summary: 'What another time zone of the workspace would cut anew',
      description: 'Changes nothing. It holds for the workspace as a whole and for people without a zone of their own.',
      querystring: zonePreviewQuerySchema,
      response: { 200: zonePreviewSchema },
    },
    handler: async (request) => previewZone({ ...ownOf(request, deps), personId: null, zone: request.query.zone }),
  });
}

/** Only an API token has no account, and none is let in here. */
function accountOf({ viewer }: FastifyRequest): string {
  if (viewer.accountId === null) throw new AppError('forbidden', 'Only a person who signed in has preferences.');
  return viewer.accountId;
}
