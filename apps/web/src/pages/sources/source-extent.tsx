import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Button } from '@devpulse/ui/button.tsx';
import { ErrorNote } from '@devpulse/ui/error-note.tsx';
import { Segmented } from '@devpulse/ui/segmented.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { useMay } from '../../frame/use-may.ts';
import { sourcesQuery } from '../../queries.ts';
import { PlanTable } from './plan-table.tsx';
import { histories, sourcesApi } from './sources-api.ts';

type Choices = NonNullable<SourceView['choices']>;

const branches = [
  { value: 'default', label: 'Default branch' },
  { value: 'all', label: 'All branches' },
] as const;

/** How much of its past is read, whose commits count, and what that takes. */
export function SourceExtent({ source, choices }: { source: SourceView; choices: Choices }): ReactElement {
  const mayManage = useMay('sources.manage');
  const client = useQueryClient();
  const refresh = (): Promise<void> => client.invalidateQueries({ queryKey: sourcesQuery.queryKey });
  const change = useMutation({
    mutationFn: (wish: Partial<Choices>) => sourcesApi.changeMonitor(source.id, wish),
    onError: (error) => addToast({ text: `${source.name} could not be changed. ${describeError(error)}` }),
    onSettled: refresh,
  });
  const plan = useMutation({
    mutationFn: () => sourcesApi.plan(source.id, choices.history),
    onSettled: refresh,
  });
  const shown = { ...choices, ...(change.isPending ? change.variables : {}) };
  const history = histories.find(({ value }) => value === shown.history)?.label ?? '';
  return (
    <section aria-labelledby="source-extent">
      <h2 id="source-extent">How much of it is read</h2>
      {mayManage ? (
        <>
          <div className="source-choices">
            <Segmented
              label="How far back it is read"
              value={shown.history}
              options={histories}
              onChange={(wanted) => change.mutate({ history: wanted })}
            />
            <Segmented
              label="Whose commits count"
              value={shown.branches}
              options={branches}
              onChange={(wanted) => change.mutate({ branches: wanted })}
            />
          </div>
          <p className="page-note">More reads only what is missing. Less reads no more, and what was read stays.</p>
        </>
      ) : (
        <p>
          {history}, {shown.branches === 'all' ? 'all branches' : 'the default branch'}.
        </p>
      )}
      {source.plan !== null && <PlanTable plan={source.plan} />}
      {plan.error !== null && <ErrorNote title="It was not counted">{describeError(plan.error)}</ErrorNote>}
      {mayManage && (
        <div className="source-plan-act">
          <Button busy={plan.isPending} onClick={() => plan.mutate()}>
            {source.plan === null ? 'Count what it takes' : 'Count again'}
          </Button>
          <small>Asks GitHub two questions.</small>
        </div>
      )}
    </section>
  );
}
