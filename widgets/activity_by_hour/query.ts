import type { TileFigure } from '@devpulse/contract/wire/widgets';
import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import { type Detail, readDetail } from '../_detail/read-detail.ts';
import type { widget } from './widget.ts';

export const query: WidgetQueryOf<typeof widget> = async (ask) => {
  const grid = await ask.metric('commit_grid');
  const hours = await ask.metric('commits_by_hour');
  const blocks = await ask.metric('time_blocks');
  const commits = figureOf(grid);
  return {
    commits,
    hours: Object.fromEntries((grid.values[0]?.parts ?? []).map(({ part, value }) => [part, value])),
    peak: readPeak(readDetail(hours), commits),
    blocks: blocks.values[0]?.parts ?? [],
    busiestBlock: readDetail(blocks).text('peak'),
  };
};

function readPeak(detail: Detail, whole: TileFigure) {
  const [part, value] = [detail.text('peakSlot'), detail.number('peakSlotCommits')];
  if (part === null || value === null) return null;
  const [weekday = 0, hour = 0] = part.split('-').map(Number);
  return { weekday, hour, commits: { ...whole, part, value } };
}
