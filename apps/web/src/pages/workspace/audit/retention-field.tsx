import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { Button } from '@devpulse/ui/button.tsx';
import { Field } from '@devpulse/ui/field.tsx';
import { formatCount } from '@devpulse/ui/format/format-number';
import { Select } from '@devpulse/ui/select.tsx';
import { describeError } from '../../../api-error.ts';
import { useMay } from '../../../frame/use-may.ts';
import { send } from '../../../send-request.ts';
import { auditChainQuery } from './audit-queries.ts';

const choices = [
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
  { value: '730', label: '2 years' },
  { value: '1825', label: '5 years' },
  { value: '3650', label: '10 years' },
];

/** For how long entries are kept, which owners set. What is older goes with the next nightly run. */
export function RetentionField(): ReactElement | null {
  const { data } = useQuery(auditChainQuery);
  const maySet = useMay('workspace.own');
  if (data === undefined) return null;
  if (!maySet)
    return (
      <p className="page-note">
        Entries are kept for {formatCount(data.retentionDays)} days. Owners of the workspace can change that.
      </p>
    );
  return <DaysField days={data.retentionDays} />;
}

function DaysField({ days }: { days: number }): ReactElement {
  const client = useQueryClient();
  const [chosen, setChosen] = useState<string | null>(null);
  const save = useMutation({
    mutationFn: (retentionDays: number) => send('PUT', '/api/v1/audit/retention', { body: { retentionDays } }),
    onSuccess: async () => {
      setChosen(null);
      await Promise.all([
        client.invalidateQueries({ queryKey: auditChainQuery.queryKey }),
        client.invalidateQueries({ queryKey: ['audit'] }),
      ]);
    },
  });
  const known = choices.some(({ value }) => Number(value) === days);
  return (
    <div className="audit-retention">
      <Field
        label="Entries are kept for"
        help="Older ones go with the next nightly run, and cannot come back."
        error={save.error === null ? undefined : describeError(save.error)}
      >
        {(ids) => (
          <Select
            {...ids}
            value={chosen ?? String(days)}
            options={known ? choices : [...choices, { value: String(days), label: `${days} days` }]}
            onChange={(event) => setChosen(event.currentTarget.value)}
          />
        )}
      </Field>
      {chosen !== null && chosen !== String(days) && (
        <Button busy={save.isPending} onClick={() => save.mutate(Number(chosen))}>
          Save
        </Button>
      )}
    </div>
  );
}
