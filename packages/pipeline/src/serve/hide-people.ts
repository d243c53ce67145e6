import type { Evidence } from '@devpulse/contract/metric';
import type { MetricValue } from '@devpulse/contract/wire/metrics';
import { isId } from '@devpulse/db/ids';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { joinHidden, type Sight } from './sight.ts';

/** Leaves every number of the whole as it is, and takes from its parts the people whose own numbers may not be told. */
export async function hidePeople(
  trx: WorkspaceTransaction,
  values: MetricValue[],
  sight: Sight | undefined,
): Promise<MetricValue[]> {
  const mentioned = values.flatMap((value) => [
    ...(value.parts ?? []).map(({ part }) => part),
    ...Object.values(value.detail ?? {}),
  ]);
  const hidden = await findHidden(trx, mentioned, sight);
  if (hidden.size === 0) return values;
  return values.map((value) => ({
    ...value,
    ...(value.parts === undefined ? {} : { parts: joinHidden(value.parts, hidden) }),
    ...(value.detail === undefined ? {} : { detail: withoutHidden(value.detail, hidden) }),
  }));
}

/** The same for lines of evidence: what they say stays, whom they are about is left out. */
export async function hideInEvidence(
  trx: WorkspaceTransaction,
  lines: readonly Evidence[],
  sight: Sight | undefined,
): Promise<Evidence[]> {
  const hidden = await findHidden(
    trx,
    lines.map((line) => line.person),
    sight,
  );
  return lines.map(({ person, ...line }) => (person === undefined || hidden.has(person) ? line : { ...line, person }));
}

/** Those of what is mentioned who are people and may not be told. */
export async function findHidden(
  trx: WorkspaceTransaction,
  mentioned: readonly unknown[],
  sight: Sight | undefined,
): Promise<ReadonlySet<string>> {
  const ids = new Set(mentioned.filter((one): one is string => typeof one === 'string' && isId(one)));
  return sight === undefined || ids.size === 0 ? new Set() : sight.findHidden(trx, [...ids]);
}

function withoutHidden(
  detail: NonNullable<MetricValue['detail']>,
  hidden: ReadonlySet<string>,
): NonNullable<MetricValue['detail']> {
  return Object.fromEntries(
    Object.entries(detail).map(([key, value]) => [key, hidden.has(String(value)) ? null : value]),
  );
}
