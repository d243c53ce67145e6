import { useEffect, useState, type ReactElement } from 'react';
import { Field } from '@devpulse/ui/field.tsx';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import type { ReachSearch } from './connections-api.ts';

interface Props {
  search: ReachSearch;
  owners: readonly string[];
  onChange: (search: ReachSearch) => void;
}

/** While somebody types the server is not asked for every letter. */
const typingMs = 200;

/** Finds a repository among thousands: the server looks, not the page. */
export function ReachFilters({ search, owners, onChange }: Props): ReactElement {
  const [text, setText] = useState(search.search ?? '');
  const given = search.search ?? '';
  const change = (name: keyof ReachSearch, value: string): void => {
    const { [name]: _before, ...rest } = search;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  useEffect(() => {
    if (text.trim() === given) return;
    const timer = setTimeout(() => change('search', text.trim()), typingMs);
    return () => clearTimeout(timer);
  });
  // Emptied from elsewhere, as by “Show all”.
  const [before, setBefore] = useState(given);
  if (before !== given) {
    setBefore(given);
    if (given !== text.trim()) setText(given);
  }
  return (
    <search className="reach-filters" aria-label="Narrow the list down">
      <Field label="Find">
        {(ids) => (
          <TextInput
            {...ids}
            type="search"
            placeholder="Part of the name"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
          />
        )}
      </Field>
      {owners.length > 1 && (
        <Field label="Owner">
          {(ids) => (
            <Select
              {...ids}
              value={search.owner ?? ''}
              options={[{ value: '', label: 'Every owner' }, ...owners.map((one) => ({ value: one, label: one }))]}
              onChange={(event) => change('owner', event.currentTarget.value)}
            />
          )}
        </Field>
      )}
      <Segmented
        label="Watched or not"
        value={search.only ?? 'all'}
        options={[
          { value: 'all', label: 'All' },
          { value: 'watched', label: 'Watched' },
          { value: 'unwatched', label: 'Not watched' },
        ]}
        onChange={(value) => change('only', value === 'all' ? '' : value)}
      />
    </search>
  );
}
