import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import { unseenPart } from '@devpulse/pipeline/serve/sight';
import { readDetail } from '../_detail/read-detail.ts';
import type { widget } from './widget.ts';

export const query: WidgetQueryOf<typeof widget> = async (ask, { limit }) => {
  const active = await ask.metric('active_repositories');
  const spread = await ask.metric('commits_by_repository');
  const all = spread.values[0]?.parts ?? [];
  // What whoever asks cannot see is one part without a name, and no repository that could be asked about.
  const parts = all.filter(({ part }) => part !== unseenPart);
  const last = readDetail(spread);
  const repositories = [];
  for (const { part: id, label } of parts.slice(0, limit)) {
    // Asked of the repository alone, so that the bar's number is the one its receipt proves.
    const commits = figureOf(await ask.metric('commits', { resource: id }), { resource: id });
    repositories.push({ id, name: label, commits, lastDay: last.text(id) });
  }
  return { active: figureOf(active), repositories, more: Math.max(0, parts.length - limit) };
};
