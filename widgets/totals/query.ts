import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import { windowBefore } from '../_window/window-before.ts';
import { widget } from './widget.ts';

export const query: WidgetQueryOf<typeof widget> = async (ask) => {
  const before = windowBefore(ask, ask);
  const totals = [];
  for (const metric of widget.metrics) {
    const now = figureOf(await ask.metric(metric));
    totals.push({ now, before: figureOf(await ask.metric(metric, before)) });
  }
  return { before, totals };
};
