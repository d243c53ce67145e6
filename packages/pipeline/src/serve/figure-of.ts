import type { MetricAnswer } from '@devpulse/contract/wire/metrics';
import type { TileFigure } from '@devpulse/contract/wire/widgets';

/** The whole of an answer as one number of a tile, to be drawn with its receipt; `more` is what else it was asked with. */
export function figureOf(answer: MetricAnswer, more: { resource?: string; part?: string } = {}): TileFigure {
  const [value] = answer.values;
  if (value === undefined || answer.by !== 'total') throw new Error(`"${answer.metric}" was not asked as a whole`);
  return {
    metric: answer.metric,
    title: answer.title,
    unit: answer.unit,
    value: value.value,
    ...(value.reason === undefined ? {} : { reason: value.reason }),
    from: answer.from,
    to: answer.to,
    ...more,
    state: answer.state,
  };
}
