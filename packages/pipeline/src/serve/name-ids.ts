import { sql } from 'kysely';
import type { MetricValue } from '@devpulse/contract/wire/metrics';
import type { WorkspaceTransaction } from '@devpulse/db/open-store';
import { ownWorkspace } from '@devpulse/db/own-workspace';

const idForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Gives parts that are ids of repositories or people their names as labels; a detail `x` that is one gets an `xName` beside it. */
export async function nameIds(trx: WorkspaceTransaction, values: MetricValue[]): Promise<MetricValue[]> {
  const mentioned = values.flatMap((value) => [
    ...(value.parts ?? []).map((part) => part.part),
    ...Object.values(value.detail ?? {}),
  ]);
  const ids = [...new Set(mentioned.filter((one) => typeof one === 'string' && idForm.test(one)))] as string[];
  if (ids.length === 0) return values;
  const names = await readNames(trx, ids);
  return values.map((value) => ({
    ...value,
    ...(value.parts === undefined
      ? {}
      : { parts: value.parts.map((part) => ({ ...part, label: names.get(part.part) ?? part.label })) }),
    ...(value.detail === undefined ? {} : { detail: { ...value.detail, ...namesBeside(value.detail, names) } }),
  }));
}

function namesBeside(
  detail: NonNullable<MetricValue['detail']>,
  names: ReadonlyMap<string, string>,
): Record<string, string> {
  const named = Object.entries(detail).flatMap(([key, id]) => {
    const name = names.get(String(id));
    return name === undefined ? [] : [[`${key}Name`, name] as const];
  });
  return Object.fromEntries(named);
}

/** Names of repositories and people by id. */
export async function readNames(trx: WorkspaceTransaction, ids: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await sql<{ id: string; name: string }>`
    select id, name from fact_repositories where workspace_id = ${ownWorkspace} and id = any(${ids}::uuid[])
    union all
    select person_id, name from lens_people where workspace_id = ${ownWorkspace} and person_id = any(${ids}::uuid[])`.execute(
    trx,
  );
  return new Map(rows.map((row) => [row.id, row.name]));
}
