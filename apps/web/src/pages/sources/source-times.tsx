import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import type { SourceView } from '@devpulse/contract/wire/sources';
import { Field } from '@devpulse/ui/field.tsx';
import { formatInstant } from '@devpulse/ui/format/format-instant';
import { Select } from '@devpulse/ui/select.tsx';
import { describeError } from '../../api-error.ts';
import { addToast } from '../../frame/toasts.ts';
import { useMay } from '../../frame/use-may.ts';
import { useViewer } from '../../frame/use-viewer.ts';
import { sourcesQuery } from '../../queries.ts';
import { useNow } from '../../use-now.ts';
import { describeInterval, describeNextLook } from './describe-monitor.ts';
import { sourcesApi } from './sources-api.ts';

/** When it last told something, when all of it was last seen, and when it is looked at next. */
export function SourceTimes({ source }: { source: SourceView }): ReactElement {
  const { me } = useViewer();
  const mayManage = useMay('sources.manage');
  const now = useNow(15_000);
  const { monitor, lastCheckedAt, connectionId } = source;
  const at = (instant: string | null, none: string): string =>
    instant === null ? none : formatInstant(instant, me.effectiveZone, now);
  return (
    <section aria-labelledby="source-times">
      <h2 id="source-times">How it is kept in step</h2>
      <dl className="source-facts">
        {connectionId !== null && <Fact name="Last event">{at(monitor.lastEventAt, 'none by webhook yet')}</Fact>}
        <Fact name="Last in step">
          {at(connectionId === null ? lastCheckedAt : monitor.lastReconciledAt, 'not yet: the first look is not over')}
        </Fact>
        {connectionId !== null && <Fact name="Last look">{at(lastCheckedAt, 'none yet')}</Fact>}
        <Fact name="Next look">{describeNextLook(source, me.effectiveZone, now)}</Fact>
        <Fact name="Looked at">
          {describeInterval(monitor.everySeconds)}
          {connectionId !== null &&
            monitor.wishedSeconds === null &&
            ' now: sooner after something happened, later while nothing does'}
        </Fact>
      </dl>
      {connectionId !== null && mayManage && <IntervalField source={source} />}
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }): ReactElement {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const intervals = [60, 300, 900, 3_600, 21_600, 86_400];

function IntervalField({ source }: { source: SourceView }): ReactElement {
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (everySeconds: number | null) => sourcesApi.changeMonitor(source.id, { everySeconds }),
    onError: (error) => addToast({ text: `${source.name} could not be changed. ${describeError(error)}` }),
    onSettled: () => client.invalidateQueries({ queryKey: sourcesQuery.queryKey }),
  });
  const { wishedSeconds } = source.monitor;
  const shown = change.isPending ? change.variables : wishedSeconds;
  const offered = shown === null || intervals.includes(shown) ? intervals : [...intervals, shown];
  return (
    <div className="source-field">
      <Field
        label="Look for changes"
        help="Webhooks bring them at once where they reach us; this finds what they missed."
      >
        {(ids) => (
          <Select
            {...ids}
            value={String(shown ?? '')}
            options={[
              { value: '', label: 'As it comes, every 1 to 60 minutes' },
              ...offered.map((seconds) => ({ value: String(seconds), label: capital(describeInterval(seconds)) })),
            ]}
            onChange={({ currentTarget: { value } }) => change.mutate(value === '' ? null : Number(value))}
          />
        )}
      </Field>
    </div>
  );
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
