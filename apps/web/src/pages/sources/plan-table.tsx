import type { ReactElement } from 'react';
import type { SourcePlan } from '@devpulse/contract/wire/sources';
import { DataTable, type Column } from '@devpulse/ui/data-table.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { formatCount, unknownMark } from '@devpulse/ui/format/format-number';
import { useViewer } from '../../frame/use-viewer.ts';
import { describePlan, nameKind } from './describe-monitor.ts';
import { histories } from './sources-api.ts';

type Planned = SourcePlan['kinds'][number];

const columns: readonly Column<Planned>[] = [
  { key: 'kind', head: 'What', rowHead: true, cell: ({ kind }) => nameKind(kind) },
  {
    key: 'items',
    head: 'How many',
    align: 'end',
    cell: ({ items, isUpTo }) =>
      items === null ? (
        <span title="GitHub does not say before it is read">{unknownMark}</span>
      ) : (
        `${isUpTo ? 'up to ' : ''}${formatCount(items)}`
      ),
  },
  {
    key: 'cost',
    head: 'Takes',
    align: 'end',
    cell: ({ cost, resource }) => `${formatCount(cost)} ${resource === 'graphql' ? 'points' : 'requests'}`,
  },
];

/** What reading the past takes, as it was counted: how much of what, and how long at this limit. */
export function PlanTable({ plan }: { plan: SourcePlan }): ReactElement {
  const { me } = useViewer();
  const history = histories.find(({ value }) => value === plan.history)?.label.toLowerCase() ?? plan.history;
  return (
    <div className="source-plan">
      <p>
        For {history}, counted {formatInstant(plan.madeAt, me.effectiveZone)}: {describePlan(plan)}
      </p>
      <details className="grants">
        <summary>By kind</summary>
        <DataTable caption="What is read" columns={columns} rows={plan.kinds} rowKey={({ kind }) => kind} />
        <p className="field-help">— : GitHub does not say before it is read.</p>
      </details>
    </div>
  );
}
