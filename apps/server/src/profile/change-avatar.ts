import { createHash } from 'node:crypto';
import { AppError } from '@devpulse/contract/errors';
import { avatarBytesMax, type ProfileView } from '@devpulse/contract/wire/profile';
import { ownWorkspace } from '@devpulse/db/own-workspace';
import { findPerson } from '../people/find-person.ts';
import { cleanImage } from './clean-image.ts';
import { type Own, readProfile } from './own-profile.ts';

/** A picture as it is kept. */
export interface Avatar {
  type: string;
  body: Buffer;
  digest: string;
}

/** Keeps a picture, rewritten so that nothing but its pixels is left. */
export async function putAvatar(own: Own, image: string): Promise<ProfileView> {
  const bytes = Buffer.from(image, 'base64');
  if (bytes.length > avatarBytesMax)
    throw new AppError(
      'body_too_large',
      'A picture takes at most 512 KiB; make it smaller, 256 by 256 pixels are enough.',
    );
  const clean = cleanImage(bytes);
  if (clean === null)
    throw new AppError('invalid_request', 'This is no picture that can be shown.', {
      problems: [
        { path: 'body.image', message: 'a PNG, JPEG or WebP that does not move, at most 4096 by 4096 pixels' },
      ],
    });
  const { workspaceId, personId } = own;
  const kept = { ...clean, digest: createHash('sha256').update(clean.body).digest('base64url').slice(0, 22) };
  return own.store.inWorkspace(workspaceId, async (trx) => {
    await trx
      .insertInto('people_avatars')
      .values({ workspace_id: workspaceId, person_id: personId, ...kept })
      .onConflict((conflict) => conflict.columns(['workspace_id', 'person_id']).doUpdateSet(kept))
      .execute();
    return readProfile(trx, personId);
  });
}

/** Goes back to initials. */
export async function removeAvatar(own: Own): Promise<ProfileView> {
  return own.store.inWorkspace(own.workspaceId, async (trx) => {
    await trx
      .deleteFrom('people_avatars')
      .where('workspace_id', '=', ownWorkspace)
      .where('person_id', '=', own.personId)
      .execute();
    return readProfile(trx, own.personId);
  });
}

/** Somebody's picture. */
export async function readAvatar(where: Own): Promise<Avatar> {
  return where.store.inWorkspace(where.workspaceId, async (trx) => {
    const personId = await findPerson(trx, where.personId);
    const avatar = await trx
      .selectFrom('people_avatars')
      .where('workspace_id', '=', ownWorkspace)
      .select(['type', 'body', 'digest'])
      .where('person_id', '=', personId)
      .executeTakeFirst();
    if (avatar === undefined) throw new AppError('not_found', 'This person has no picture.');
    return avatar;
  });
}
