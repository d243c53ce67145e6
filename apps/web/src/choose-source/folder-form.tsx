import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { ApiError, describeError } from '../api-error.ts';
import { api } from '../api.ts';
import { addToast } from '../frame/toasts.ts';
import { foldersQuery, sourcesQuery } from '../queries.ts';
import { FolderBrowser } from './folder-browser.tsx';

/** A path, typed or found, and the press that adds what lies there. */
export function FolderForm({ onAdded }: { onAdded: () => void }): ReactElement {
  const client = useQueryClient();
  const [place, setPlace] = useState('');
  const [missing, setMissing] = useState(false);
  const [browsing, setBrowsing] = useState(false);
  const { data: top } = useQuery(foldersQuery(undefined));
  const add = useMutation({
    mutationFn: (path: string) => api.addSource({ connector: 'git', place: path }),
    onSuccess: async ({ sources, known }) => {
      if (known > 0) addToast({ text: describeKnown(sources.length, known) });
      await client.invalidateQueries({ queryKey: sourcesQuery.queryKey });
      onAdded();
    },
  });
  const choose = (path: string): void => {
    setPlace(path);
    setMissing(false);
    add.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setMissing(place.trim() === '');
    if (place.trim() !== '' && !add.isPending) add.mutate(place.trim());
  };
  const roots = top?.roots ?? [];
  return (
    <form className="folder-form" noValidate onSubmit={submit}>
      <Field
        label="Path"
        help={
          roots.length === 0
            ? 'An absolute path on the machine DevPulse runs on.'
            : `Anywhere below ${roots.join(' or ')}. DEVPULSE_GIT_ROOTS allows other places.`
        }
        error={missing ? 'Type a path, or browse to it.' : add.error === null ? undefined : describeRefusal(add.error)}
      >
        {(ids) => (
          <div className="folder-line">
            <TextInput
              {...ids}
              mono
              name="place"
              autoComplete="off"
              spellCheck={false}
              placeholder={roots[0] === undefined ? '/home/you/code' : `${roots[0].replace(/\/$/, '')}/…`}
              value={place}
              onChange={(event) => choose(event.currentTarget.value)}
            />
            <Button aria-expanded={browsing} onClick={() => setBrowsing(!browsing)}>
              {browsing ? 'Close' : 'Browse'}
            </Button>
          </div>
        )}
      </Field>
      {browsing && <FolderBrowser start={undefined} onChoose={choose} chosen={place} />}
      <Button tone="primary" type="submit" busy={add.isPending}>
        {add.isPending ? 'Looking for repositories' : 'Add this folder'}
      </Button>
    </form>
  );
}

function describeKnown(found: number, known: number): string {
  if (found === known)
    return found === 1 ? 'This repository was there already.' : `All ${found} repositories were there already.`;
  return `${found - known} repositories added; ${known} were there already.`;
}

function describeRefusal(error: unknown): string {
  if (!(error instanceof ApiError)) return describeError(error);
  const [problem] = error.problems;
  return problem === undefined ? error.message : problem.message;
}
