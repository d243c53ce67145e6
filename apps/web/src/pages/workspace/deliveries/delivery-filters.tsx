import { useEffect, useState, type ReactElement } from 'react';
import { rawStates } from '@devpulse/contract/raw-event';
import { Button } from '@devpulse/ui/button.tsx';
import { Checkbox } from '@devpulse/ui/checkbox.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { Select } from '@devpulse/ui/select.tsx';
import { TextInput } from '@devpulse/ui/text-input.tsx';
import { isDay } from '../../../range/days.ts';
import type { DeliverySearch } from './deliveries-api.ts';
import { describeOutcome } from './describe-delivery.ts';

/** The events that GitHub sends most; any other can be in the address. */
const usual = [
  'push',
  'pull_request',
  'pull_request_review',
  'pull_request_review_comment',
  'issues',
  'issue_comment',
  'workflow_run',
  'check_suite',
  'deployment_status',
  'release',
  'repository',
  'installation',
  'ping',
];

interface Props {
  search: DeliverySearch;
  onChange: (search: DeliverySearch) => void;
}

/** Narrows the log down, in the address. */
export function DeliveryFilters({ search, onChange }: Props): ReactElement {
  const change = (name: keyof DeliverySearch, value: string): void => {
    const { [name]: _before, ...rest } = search;
    onChange(value === '' ? rest : { ...rest, [name]: value });
  };
  const changeDay = (name: 'from' | 'to', value: string): void => {
    // A date that is being typed is not one yet.
    if (value === '' || isDay(value)) change(name, value);
  };
  const events = search.event === undefined || usual.includes(search.event) ? usual : [...usual, search.event];
  return (
    <search className="delivery-filters" aria-label="Narrow the log down">
      <RepositoryField search={search} onChange={(value) => change('repository', value)} />
      <Field label="Event">
        {(ids) => (
          <Select
            {...ids}
            value={search.event ?? ''}
            options={[{ value: '', label: 'Any' }, ...events.map((event) => ({ value: event, label: event }))]}
            onChange={(event) => change('event', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="What became of it">
        {(ids) => (
          <Select
            {...ids}
            value={search.state ?? ''}
            options={[
              { value: '', label: 'Anything' },
              ...rawStates.map((state) => ({ value: state, label: describeOutcome({ state }).words })),
            ]}
            onChange={(event) => change('state', event.currentTarget.value)}
          />
        )}
      </Field>
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} label={name === 'from' ? 'From' : 'To'}>
          {(ids) => (
            <TextInput
              {...ids}
              type="date"
              value={search[name] ?? ''}
              onChange={(event) => changeDay(name, event.currentTarget.value)}
            />
          )}
        </Field>
      ))}
      <Checkbox
        label="Only those sent again"
        checked={search.repeated === 'true'}
        onChange={(event) => change('repeated', event.currentTarget.checked ? 'true' : '')}
      />
      {Object.keys(search).length > 0 && (
        <Button tone="quiet" onClick={() => onChange({})}>
          Show everything
        </Button>
      )}
    </search>
  );
}

const typingMs = 250;

function RepositoryField(props: { search: DeliverySearch; onChange: (value: string) => void }): ReactElement {
  const given = props.search.repository ?? '';
  const [text, setText] = useState(given);
  const [before, setBefore] = useState(given);
  if (before !== given) {
    setBefore(given);
    if (given !== text.trim()) setText(given);
  }
  useEffect(() => {
    if (text.trim() === given) return;
    const timer = setTimeout(() => props.onChange(text.trim()), typingMs);
    return () => clearTimeout(timer);
  });
  return (
    <Field label="Repository">
      {(ids) => (
        <TextInput {...ids} type="search" value={text} onChange={(event) => setText(event.currentTarget.value)} />
      )}
    </Field>
  );
}
