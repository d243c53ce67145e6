import { useInfiniteQuery } from '@tanstack/react-query';
import { useDeferredValue, useState, type ReactElement } from 'react';
import { Dialog } from '@devpulse/ui/dialog.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../api-error.ts';
import { repositoriesQuery } from '../repositories-query.ts';

interface Props {
  chosen: string | undefined;
  onChoose: (resource: string | undefined) => void;
}

/** The repositories to choose one from. */
export function RepositoryDialog({ chosen, onChoose, onClose }: Props & { onClose: () => void }): ReactElement {
  return (
    <Dialog open title="Repositories" onClose={onClose}>
      <RepositoryChoice chosen={chosen} onChoose={onChoose} />
    </Dialog>
  );
}

function RepositoryChoice({ chosen, onChoose }: Props): ReactElement {
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const { data, error } = useInfiniteQuery(repositoriesQuery(search));
  const found = data?.pages.flatMap((page) => page.repositories) ?? [];
  return (
    <>
      <Field label="Find">
        {(ids) => (
          <TextInput {...ids} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        )}
      </Field>
      {error !== null && <ErrorNote title="The repositories could not be listed">{describeError(error)}</ErrorNote>}
      <ul className="choice-list">
        {search === '' && (
          <li>
            <button type="button" aria-pressed={chosen === undefined} onClick={() => onChoose(undefined)}>
              All repositories
            </button>
          </li>
        )}
        {found.map((repository) => (
          <li key={repository.id}>
            <button type="button" aria-pressed={chosen === repository.id} onClick={() => onChoose(repository.id)}>
              {repository.name}
            </button>
          </li>
        ))}
      </ul>
      {data !== undefined && found.length === 0 && <p>No repository has “{search}” in its name.</p>}
      {data?.pages.at(-1)?.nextCursor && <p>There are more: type a part of the name.</p>}
    </>
  );
}
