import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import { readDetail } from '../_detail/read-detail.ts';
import type { widget } from './widget.ts';

const kinds = [
  { metric: 'record_day', kind: 'day' },
  { metric: 'record_week', kind: 'week' },
  { metric: 'record_month', kind: 'month' },
  { metric: 'longest_streak', kind: 'streak' },
  { metric: 'record_repository', kind: 'repository' },
] as const;

export const query: WidgetQueryOf<typeof widget> = async (ask) => {
  const records = [];
  for (const { metric, kind } of kinds) {
    // Nobody has a streak but a person.
    if (kind === 'streak' && ask.subject.kind !== 'person') continue;
    const answer = await ask.metric(metric);
    const detail = readDetail(answer);
    records.push({
      figure: figureOf(answer),
      kind,
      from: detail.text('from'),
      to: detail.text('to'),
      repository: detail.text('repositoryName'),
    });
  }
  return { records };
};
