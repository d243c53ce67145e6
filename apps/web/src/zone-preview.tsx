import './zone-preview.css';
import { queryOptions, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import type { ZonePreview as Preview } from '@devpulse/contract/wire/profile';
import { formatFullRange } from '@devpulse/ui/format/format-day';
import { formatCount } from '@devpulse/ui/format/format-number';
import { describeError } from './api-error.ts';
import { send } from './send-request.ts';

function zonePreviewQuery(of: 'me' | 'workspace', zone: string) {
  return queryOptions({
    queryKey: ['zone-preview', of, zone],
    queryFn: () => send<Preview>('GET', `/api/v1/${of}/zone-preview`, { query: { zone } }),
    retry: false,
  });
}

/** What another zone would cut anew, said before anybody decides. */
export function ZonePreview({ of, zone }: { of: 'me' | 'workspace'; zone: string }): ReactElement {
  const { data, error } = useQuery(zonePreviewQuery(of, zone));
  return (
    <div className="zone-preview" role="status">
      {data === undefined && error === null && <p>Looking what would change…</p>}
      {error !== null && <p>What would change could not be told: {describeError(error)}</p>}
      {data !== undefined && <p>{describe(data, of)}</p>}
    </div>
  );
}

function describe(preview: Preview, of: 'me' | 'workspace'): string {
  const { days, firstDay, lastDay, moved, people, zone } = preview;
  if (days === 0 || firstDay === null || lastDay === null)
    return `Nothing was counted yet, so nothing changes but where days begin: at midnight in ${zone}.`;
  const whose =
    of === 'me' ? 'of yours' : `of the workspace and of ${say(people, 'person', 'people')} without a zone of their own`;
  const fall =
    moved === 0
      ? 'No commit falls on another day'
      : `${say(moved, 'commit falls', 'commits fall')} on another day than now`;
  return (
    `${say(days, 'day', 'days')} ${whose}, ${formatFullRange(firstDay, lastDay)}, will be counted again with midnight in ${zone}. ` +
    `${fall}; figures of single days, weeks and streaks may change with that. Choosing the former zone takes it back.`
  );
}

function say(count: number, one: string, many: string): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
