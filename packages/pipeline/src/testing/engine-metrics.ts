import { type CountedMetric, defineMetric, type DerivedMetric, type LoadedMetric } from '@devpulse/contract/metric';
import { testMetrics } from './pipeline-bench.ts';

type Counted = Pick<CountedMetric, 'id' | 'kind' | 'parts'> & Partial<CountedMetric> & { sql: string };

const machines = { automation: 'by automation', agent: 'by an agent' };
const lines = {
  ...machines,
  lockfile: 'lock files',
  generated: 'generated files',
  vendored: 'vendored files',
  snapshot: 'snapshots',
  binary: 'binary files',
  submodule: 'submodules',
};

function counted({ sql, ...metric }: Counted): LoadedMetric {
  const manifest = defineMetric<CountedMetric>({
    title: metric.id,
    unit: 'points',
    better: 'neither',
    definition: `What the tests call ${metric.id}.`,
    version: 1,
    subjects: ['person', 'workspace'],
    leftOut: machines,
    ...metric,
  });
  return { ...manifest, sql };
}

const fromCredits = (amount: string, leftOut = `case when kind <> 'person' then kind end`): string =>
  `select workspace_id, person_id, authored_at as at, repository_id as resource_id, sha as item, '' as part,
          (${amount})::double precision as amount, 1::double precision as base, ${leftOut} as left_out
   from lens_commit_credits`;

const fromLines = (amount: string, base: string, part = `''`): string =>
  `select workspace_id, person_id, authored_at as at, repository_id as resource_id, sha || ':' || path as item, ${part} as part,
          (${amount})::double precision as amount, (${base})::double precision as base,
          case when kind <> 'person' then kind else left_out end as left_out
   from lens_commit_lines`;

/** One metric for every kind of counting and every kind of part, and one derived. */
export const engineMetrics: ReadonlyMap<string, LoadedMetric> = new Map<string, LoadedMetric>(
  [
    ...testMetrics.values(),
    // Tenths have no exact binary form: their sum depends on the order of adding, unless the engine sees to it.
    counted({
      id: 'test_share',
      kind: 'ratio',
      parts: 'none',
      leftOut: lines,
      sql: fromLines('additions * 0.1', '(additions + deletions) * 0.1'),
    }),
    counted({
      id: 'test_level',
      kind: 'level',
      parts: 'none',
      sql: fromCredits('length(sha) + extract(minute from authored_at)'),
    }),
    counted({
      id: 'test_by_language',
      kind: 'count',
      parts: 'query',
      leftOut: lines,
      sql: fromLines('additions + deletions', '1', `coalesce(language, 'Other')`),
    }),
    counted({ id: 'test_by_person', kind: 'count', parts: 'person', subjects: ['workspace'], sql: fromCredits('1') }),
    // What others are credited with decides about everybody's amount.
    counted({
      id: 'test_shared',
      kind: 'count',
      parts: 'none',
      sql: `select c.workspace_id, c.person_id, c.authored_at as at, c.repository_id as resource_id, c.sha as item, '' as part,
                   (select count(distinct i.person_id) - 1 from fact_commit_credits o
                    join lens_identities i on i.workspace_id = o.workspace_id and i.identity_id = o.identity_id
                    where o.workspace_id = c.workspace_id and o.sha = c.sha)::double precision as amount,
                   1::double precision as base, case when c.kind <> 'person' then c.kind end as left_out
            from lens_commit_credits c`,
    }),
    counted({
      id: 'test_files',
      kind: 'count',
      parts: 'none',
      leftOut: { ...machines, unknown_files: 'whose files nobody knows' },
      sql: fromCredits(
        'coalesce(files_changed, 0)',
        `case when kind <> 'person' then kind when files_changed is null then 'unknown_files' end`,
      ),
    }),
    defineMetric<DerivedMetric>({
      id: 'test_busy_days',
      title: 'Busy days',
      unit: 'days',
      better: 'neither',
      definition: 'Days with a commit, newest first.',
      version: 1,
      subjects: ['person', 'workspace'],
      kind: 'derived',
      needs: {
        commits: { metric: 'test_commits', span: 'window' },
        ever: { metric: 'test_commits', span: 'history', per: 'resource' },
      },
      derive: ({ cells }) => {
        const days = Map.groupBy(cells['commits'] ?? [], (cell) => cell.day);
        const resources = new Set((cells['ever'] ?? []).map((cell) => cell.resource));
        return {
          value: days.size,
          detail: { repositoriesEver: resources.size },
          evidence: [...days].map(([day, found]) => ({ label: `${found.length} hours`, value: found.length, day })),
        };
      },
    }),
  ].map((metric) => [metric.id, metric]),
);
