import type { Evidence } from '@devpulse/contract/metric';
import type { MetricValue } from '@devpulse/contract/wire/metrics';
import { unseenPart } from './sight.ts';

/** Leaves every number as it is, and takes from its parts and details the repositories that must not be named. */
export function hideRepositories(values: MetricValue[], unseen: ReadonlySet<string>): MetricValue[] {
  if (unseen.size === 0) return values;
  return values.map((value) => ({
    ...value,
    ...(value.parts === undefined ? {} : { parts: joinUnseen(value.parts, unseen) }),
    ...(value.detail === undefined ? {} : { detail: withoutUnseen(value.detail, unseen) }),
  }));
}

/** The same for lines of evidence: what they say stays, and where it was is left out. Answers of how many. */
export function hideInLines(
  lines: readonly Evidence[],
  unseen: ReadonlySet<string>,
): { lines: Evidence[]; withheld: number } {
  const isUnseen = ({ resource }: Evidence): boolean => resource !== undefined && unseen.has(resource);
  return {
    lines: lines.map((line) => {
      if (!isUnseen(line)) return line;
      const { resource: _resource, ...rest } = line;
      return rest;
    }),
    withheld: lines.filter(isUnseen).length,
  };
}

type Parts = NonNullable<MetricValue['parts']>;

function joinUnseen(parts: Parts, unseen: ReadonlySet<string>): Parts {
  const hidden = parts.filter(({ part }) => unseen.has(part));
  if (hidden.length === 0) return parts;
  const value = hidden.reduce((sum, part) => sum + part.value, 0);
  const label = hidden.length === 1 ? 'A repository you cannot see' : `${hidden.length} repositories you cannot see`;
  return [...parts.filter(({ part }) => !unseen.has(part)), { part: unseenPart, label, value }];
}

function withoutUnseen(
  detail: NonNullable<MetricValue['detail']>,
  unseen: ReadonlySet<string>,
): NonNullable<MetricValue['detail']> {
  return Object.fromEntries(
    Object.entries(detail).flatMap(([key, value]) =>
      unseen.has(key) ? [] : [[key, unseen.has(String(value)) ? null : value] as const],
    ),
  );
}
