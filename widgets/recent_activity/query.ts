import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import type { widget } from './widget.ts';

export const query: WidgetQueryOf<typeof widget> = async (ask, { limit }) => {
  const commits = await ask.metric('commits');
  const records = await ask.records('commits', { limit });
  return {
    commits: figureOf(commits),
    records: records.map(({ item, label, at, day, resource, url }) => ({
      sha: item,
      subject: label,
      at,
      day,
      repository: resource,
      url,
    })),
  };
};
