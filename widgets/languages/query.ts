import type { WidgetQueryOf } from '@devpulse/pipeline/serve/ask';
import { figureOf } from '@devpulse/pipeline/serve/figure-of';
import type { widget } from './widget.ts';

export const query: WidgetQueryOf<typeof widget> = async (ask, { limit }) => {
  const answer = await ask.metric('languages');
  const lines = figureOf(answer);
  const parts = (answer.values[0]?.parts ?? []).filter(({ value }) => value > 0);
  const ranked = parts.toSorted((a, b) => b.value - a.value || (a.part < b.part ? -1 : 1));
  return {
    lines,
    // The receipt of a part is asked with the part: it proves this number and not the whole.
    languages: ranked
      .slice(0, limit)
      .map(({ part, label, value }) => ({ language: label, lines: { ...lines, part, value } })),
    more: Math.max(0, ranked.length - limit),
  };
};
