import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, type ReactElement } from 'react';
import { Avatar } from '@devpulse/ui/avatar.tsx';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { meQuery } from '../../../queries.ts';
import { profileActs } from './profile-queries.ts';
import { shrinkPicture } from './shrink-picture.ts';

/** A picture, or initials. */
export function AvatarForm(): ReactElement {
  const { me } = useViewer();
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const save = useMutation({
    mutationFn: async (file: File | null) =>
      file === null ? profileActs.removeAvatar() : profileActs.putAvatar(await shrinkPicture(file)),
    onSuccess: ({ avatar }) => {
      client.setQueryData(meQuery.queryKey, (before) => (before === undefined ? before : { ...before, avatar }));
      void client.invalidateQueries({ queryKey: ['people'] });
    },
  });
  return (
    <div className="profile-picture">
      <Avatar name={me.name} src={me.avatar} size="large" />
      <div className="profile-stack">
        <div className="profile-acts">
          <Button busy={save.isPending} onClick={() => input.current?.click()}>
            {me.avatar === null ? 'Choose a picture' : 'Choose another picture'}
          </Button>
          {me.avatar !== null && (
            <Button tone="quiet" busy={save.isPending} onClick={() => save.mutate(null)}>
              Use initials
            </Button>
          )}
        </div>
        <input
          ref={input}
          hidden
          type="file"
          aria-label="Picture"
          accept="image/png,image/jpeg,image/webp"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            event.currentTarget.value = '';
            if (file !== undefined && !save.isPending) save.mutate(file);
          }}
        />
        <p className="field-help">
          PNG, JPEG or WebP. The middle is cut out and made small before it is sent, without the place and hour that
          cameras write into pictures. Everybody in this workspace sees it.
        </p>
        {save.error !== null && (
          <ErrorNote title="The picture was not kept">
            {save.error instanceof ApiError
              ? describeError(save.error)
              : 'This file is no picture that your browser can draw; choose another one.'}
          </ErrorNote>
        )}
      </div>
    </div>
  );
}
