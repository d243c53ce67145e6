import type { MetricAnswer } from '@devpulse/contract/wire/metrics';

/** Further facts of a value, by name and kind; null where there is none. */
export interface Detail {
  text(name: string): string | null;
  number(name: string): number | null;
  flag(name: string): boolean;
}

/** Reads the `detail` of an answer that was asked as a whole. */
export function readDetail(answer: MetricAnswer): Detail {
  const detail = answer.values[0]?.detail ?? {};
  return {
    text: (name) => (typeof detail[name] === 'string' ? detail[name] : null),
    number: (name) => (typeof detail[name] === 'number' ? detail[name] : null),
    flag: (name) => detail[name] === true,
  };
}
