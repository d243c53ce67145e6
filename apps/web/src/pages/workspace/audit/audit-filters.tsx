import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { isDay } from '../../../range/days.ts';
import { auditChoicesQuery, type AuditSearch } from './audit-queries.ts';

interface Props {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

/** Narrows the log down; offers only what it holds. */
export function AuditFilters({ search, onChange }: Props): ReactElement {
  const { data, error } = useQuery(auditChoicesQuery);
  const help = error === null ? undefined : 'What can be chosen could not be read.';
  const change = (name: keyof AuditSearch, value: string): void => {
    const { [name]: _before, ...rest } = search;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  const changeDay = (name: 'from' | 'to', value: string): void => {
    // A date that is being typed is not one yet.
    if (value === '' || isDay(value)) change(name, value);
  };
  const actions = (data?.actions ?? []).map(({ action, title }) => ({ value: action, label: title }));
  const actors = (data?.actors ?? []).map(({ personId, name }) => ({ value: personId, label: name }));
  return (
    <search className="audit-filters" aria-label="Narrow the log down">
      <Field label="What happened" help={help}>
        {(ids) => (
          <Select
            {...ids}
            value={search.action ?? ''}
            options={[{ value: '', label: 'Anything' }, ...withChosen(actions, search.action)]}
            onChange={(event) => change('action', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Who did it" help={help}>
        {(ids) => (
          <Select
            {...ids}
            value={search.actor ?? ''}
            options={[{ value: '', label: 'Anybody' }, ...withChosen(actors, search.actor)]}
            onChange={(event) => change('actor', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="From">
        {(ids) => (
          <TextInput
            {...ids}
            type="date"
            value={search.from ?? ''}
            max={search.to}
            onChange={(event) => changeDay('from', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="To">
        {(ids) => (
          <TextInput
            {...ids}
            type="date"
            value={search.to ?? ''}
            min={search.from}
            onChange={(event) => changeDay('to', event.currentTarget.value)}
          />
        )}
      </Field>
      {Object.keys(search).length > 0 && (
        <Button tone="quiet" onClick={() => onChange({})}>
          Show everything
        </Button>
      )}
    </search>
  );
}

/** What the address names stays chosen, also where the list does not hold it. */
function withChosen(
  options: { value: string; label: string }[],
  chosen: string | undefined,
): { value: string; label: string }[] {
  if (chosen === undefined || options.some(({ value }) => value === chosen)) return options;
  return [...options, { value: chosen, label: chosen }];
}
