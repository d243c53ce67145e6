import './people.css';
import { useQuery, type UseQueryOptions } from '@tanstack/react-query';
import { useDeferredValue, useState, type ReactElement } from 'react';
import { Avatar } from '@devpulse/ui/avatar.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { describeError } from '../api-error.ts';

export interface Choice {
  id: string;
  name: string;
  avatar: string | null;
  /** What tells people of one name apart. */
  hint?: string | null;
}

interface Page {
  people: readonly Choice[];
  nextCursor: string | null;
}

interface Props {
  /** A page of people whose names hold a text. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the key of each query is of its own type
  query: (search: string) => UseQueryOptions<any, Error, Page, any>;
  chosen: string | undefined;
  onChoose: (person: Choice) => void;
  /** What to say where there is nobody at all. */
  nobody: string;
}

/** People to choose one from, by name. */
export function PersonChoice({ query, chosen, onChoose, nobody }: Props): ReactElement {
  const [text, setText] = useState('');
  const search = useDeferredValue(text.trim());
  const { data, error } = useQuery(query(search));
  return (
    <>
      <Field label="Find">
        {(ids) => (
          <TextInput {...ids} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
        )}
      </Field>
      {error !== null && <ErrorNote title="The people could not be listed">{describeError(error)}</ErrorNote>}
      <ul className="choice-list people-choice">
        {data?.people.map((person) => (
          <li key={person.id}>
            <button type="button" aria-pressed={chosen === person.id} onClick={() => onChoose(person)}>
              <Avatar name={person.name} src={person.avatar} />
              <span>
                {person.name}
                {person.hint != null && <small className="quiet"> {person.hint}</small>}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {data?.people.length === 0 && <p>{search === '' ? nobody : `Nobody has “${search}” in their name.`}</p>}
      {data?.nextCursor && <p>There are more: type a part of the name.</p>}
    </>
  );
}
