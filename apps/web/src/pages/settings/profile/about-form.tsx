import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactElement } from 'react';
import type { ProfileView } from '@devpulse/contract/wire/profile';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Skeleton } from '@devpulse/ui/skeleton.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../../../api-error.ts';
import { api } from '../../../api.ts';
import { useViewer } from '../../../frame/use-viewer.ts';
import { meQuery } from '../../../queries.ts';
import { profileQuery } from '../../../people/profile-query.ts';
import { SaveRow } from '../save-row.tsx';
import { profileActs } from './profile-queries.ts';

// Reading markdown takes more code than this whole page.
const Markdown = lazy(async () => ({ default: (await import('../../../people/markdown.tsx')).Markdown }));

const bioLengthMax = 500;

/** Name, and a few words about oneself. */
export function AboutForm(): ReactElement {
  const { me } = useViewer();
  const { data, error, refetch } = useQuery(profileQuery(me.id));
  if (data !== undefined) return <About profile={data} />;
  if (error !== null)
    return (
      <ErrorNote
        title="Your profile could not be shown"
        action={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {describeError(error)}
      </ErrorNote>
    );
  return <Skeleton height="10rem" shape="block" />;
}

function About({ profile }: { profile: ProfileView }): ReactElement {
  const { me, workspace } = useViewer();
  const client = useQueryClient();
  const [name, setName] = useState(me.name);
  const [bio, setBio] = useState(profile.bio);
  const isRenamed = name.trim() !== me.name;
  const isTold = bio.trim() !== profile.bio;
  const isTooLong = bio.trim().length > bioLengthMax;
  const save = useMutation({
    mutationFn: async () => {
      if (isRenamed) client.setQueryData(meQuery.queryKey, await api.updateMe({ name: name.trim() }));
      if (isTold) client.setQueryData(profileQuery(me.id).queryKey, await profileActs.update({ bio: bio.trim() }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ['people'] }),
  });
  const fault = save.error instanceof ApiError ? save.error : null;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!save.isPending && name.trim() !== '' && !isTooLong) save.mutate();
      }}
    >
      <Field
        label="Name"
        help={`How you are called in ${workspace.name}.`}
        error={name.trim() === '' ? 'Say what you are called.' : fault?.faultOf('name')}
      >
        {(ids) => (
          <TextInput
            {...ids}
            autoComplete="name"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        label="About you"
        note="optional"
        help={`Markdown, ${bio.trim().length} of ${bioLengthMax} characters. Everybody in this workspace can read it.`}
        error={isTooLong ? 'That is too long.' : fault?.faultOf('bio')}
      >
        {(ids) => (
          <textarea
            {...ids}
            className="input profile-bio"
            rows={5}
            value={bio}
            onChange={(event) => setBio(event.currentTarget.value)}
          />
        )}
      </Field>
      {bio.trim() !== '' && (
        <section className="profile-preview" aria-label="As others see it">
          <Suspense fallback={<Skeleton height="3rem" shape="block" />}>
            <Markdown text={bio} />
          </Suspense>
        </section>
      )}
      <SaveRow
        changed={(isRenamed || isTold) && !isTooLong}
        pending={save.isPending}
        saved={save.isSuccess}
        error={save.error}
      />
    </form>
  );
}
