import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState, type ReactElement } from 'react';
import type { AuthorList } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { formatCount, nameUnit } from '@devpulse/ui/format/format-number';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../../api-error.ts';
import { api } from '../../api.ts';
import { authorsQuery, sessionQuery } from '../../queries.ts';
import { filterAuthors } from './filter-authors.ts';

interface Props {
  authors: AuthorList;
  reading: boolean;
  onDone: () => void;
}

/** Says which of the names in the commits are the reader's own; none is a fair answer. */
export function AuthorsStep({ authors, reading, onDone }: Props): ReactElement {
  const client = useQueryClient();
  const [text, setText] = useState('');
  // What the reader decided; everything else is as git itself suggests it.
  const [decided, setDecided] = useState<ReadonlyMap<string, boolean>>(new Map());
  const ownEmail = client.getQueryData(sessionQuery.queryKey)?.account?.email?.toLowerCase();
  const why = useMemo(() => new Map(suggestOwn(authors, ownEmail)), [authors, ownEmail]);
  const isChosen = (id: string): boolean => decided.get(id) ?? why.has(id);
  // Of all, not only of those the search leaves on screen.
  const chosen = [...new Set([...why.keys(), ...decided.keys()])].filter(isChosen);
  const found = useFound(authors, text.trim());
  const shown = filterAuthors(found.authors, text, (author) => why.has(author.identityId));
  const link = useMutation({
    mutationFn: () => {
      const personId = client.getQueryData(sessionQuery.queryKey)?.personId;
      if (personId === null || personId === undefined) throw new Error('nobody is signed in');
      return api.linkIdentities(personId, {
        identityIds: chosen,
        reason: 'Said so at set-up',
      });
    },
    onSuccess: async () => {
      await client.invalidateQueries();
      onDone();
    },
  });
  return (
    <form
      className="setup-form setup-authors"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen.length > 0 && !link.isPending) link.mutate();
      }}
    >
      <p className="setup-note">
        People often have several. Bots are left out.{reading && ' Reading goes on; more may appear.'}
      </p>
      {(authors.truncated || authors.authors.length > 8) && (
        <Field label="Find">
          {(ids) => (
            <TextInput {...ids} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
          )}
        </Field>
      )}
      <fieldset className="authors">
        <legend className="vh">Authors</legend>
        {shown.map((author) => (
          <Checkbox
            key={author.identityId}
            checked={isChosen(author.identityId)}
            onChange={(event) => setDecided(new Map(decided).set(author.identityId, event.currentTarget.checked))}
            label={
              <span className="author">
                <span>
                  <b>{author.name ?? author.email ?? 'No name'}</b>
                  {author.name !== null && author.email !== null && <span className="mono"> {author.email}</span>}
                  {why.has(author.identityId) && <small>{why.get(author.identityId)}</small>}
                </span>
                {author.commits !== null && (
                  <span className="author-count">
                    {formatCount(author.commits)} {nameUnit(author.commits, 'commits')}
                  </span>
                )}
              </span>
            }
          />
        ))}
        {shown.length === 0 && <p>No author has “{text}” in the name or the address.</p>}
      </fieldset>
      {authors.truncated && (
        <p className="setup-note">These are the ones with the most commits; find the others by name or address.</p>
      )}
      {link.error !== null && <ErrorNote title="That was not kept">{describeError(link.error)}</ErrorNote>}
      <div className="setup-acts">
        <Button tone="primary" type="submit" busy={link.isPending} disabled={chosen.length === 0}>
          {chosen.length === 0 ? 'That is me' : chosen.length === 1 ? 'This is me' : `These ${chosen.length} are me`}
        </Button>
        <Button tone="quiet" onClick={onDone}>
          None of these
        </Button>
      </div>
    </form>
  );
}

/** Whom git believes to be at the keyboard, and whoever wrote under the address that one signs in with. */
function suggestOwn({ suggested, authors }: AuthorList, email: string | undefined): [string, string][] {
  const known = new Set(suggested.map(({ identityId }) => identityId));
  const same = authors.filter((author) => !known.has(author.identityId) && author.email?.toLowerCase() === email);
  return [
    ...suggested.map(({ identityId, why }): [string, string] => [identityId, why]),
    ...(email === undefined
      ? []
      : same.map(({ identityId }): [string, string] => [identityId, 'you sign in with this address'])),
  ];
}

/** All of them, or what the server finds where there are more than it lists. */
function useFound(authors: AuthorList, text: string): AuthorList {
  const search = useDeferredValue(authors.truncated ? text : '');
  const { data } = useQuery({ ...authorsQuery(search), enabled: search !== '' });
  return search === '' ? authors : (data ?? authors);
}
