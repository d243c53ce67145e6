import { defineMetric, type LoadedMetric } from '@devpulse/contract/metric';

function counted(id: string, kind: 'count' | 'samples', parts: 'none' | 'query', sql: string): [string, LoadedMetric] {
  const manifest = defineMetric({
    id,
    title: id,
    unit: 'points',
    better: 'neither',
    definition: `What the tests call ${id}.`,
    version: 1,
    subjects: ['person', 'workspace'],
    leftOut: { automation: 'by automation', agent: 'by an agent' },
    kind,
    parts,
  });
  return [id, { ...manifest, sql }];
}

/** Metrics of a forge that look at much besides what they count: whatever moves one of them must have marked its day. */
export const forgeMetrics: ReadonlyMap<string, LoadedMetric> = new Map([
  counted(
    'test_pulls',
    'samples',
    'query',
    `select p.workspace_id, p.person_id, p.merged_at as at, p.repository_id as resource_id, p.number::text as item, c.kind as part,
            (extract(epoch from p.merged_at - coalesce(r.first, f.first_commit_at, p.merged_at)) + coalesce(r.dismissed, 0)
              + coalesce(m.moments, 0) + coalesce(p.additions, 0))::double precision as amount,
            1::double precision as base, case when p.kind <> 'person' then p.kind end as left_out
     from lens_pull_requests p
     join lens_changes c on c.workspace_id = p.workspace_id and c.repository_id = p.repository_id and c.number = p.number
     left join lens_first_commits f on f.workspace_id = p.workspace_id and f.repository_id = p.repository_id and f.number = p.number
     left join lateral (
       select min(r.submitted_at) as first, count(*) filter (where r.is_dismissed) as dismissed from lens_reviews r
       where r.workspace_id = p.workspace_id and r.repository_id = p.repository_id and r.number = p.number
         and r.person_id is distinct from p.person_id and r.kind = 'person'
     ) r on true
     left join lateral (
       select count(*) as moments from lens_moments m
       where m.workspace_id = p.workspace_id and m.repository_id = p.repository_id and m.number = p.number
     ) m on true
     where p.merged_at is not null`,
  ),
  counted(
    'test_comments',
    'count',
    'none',
    `select workspace_id, person_id, created_at as at, repository_id as resource_id, id as item, '' as part,
            1::double precision as amount, 1::double precision as base, case when kind <> 'person' then kind end as left_out
     from lens_comments`,
  ),
  counted(
    'test_moments',
    'count',
    'none',
    `select m.workspace_id, i.person_id, m.at, m.repository_id as resource_id, m.number || m.kind || m.at || m.subject as item,
            '' as part, 1::double precision as amount, 1::double precision as base,
            case when i.kind <> 'person' then i.kind end as left_out
     from lens_moments m join lens_identities i on i.workspace_id = m.workspace_id and i.identity_id = m.actor_id`,
  ),
  counted(
    'test_issues_closed',
    'count',
    'none',
    `select workspace_id, person_id, closed_at as at, repository_id as resource_id, number::text as item, '' as part,
            1::double precision as amount, 1::double precision as base, case when kind <> 'person' then kind end as left_out
     from lens_issues where closed_at is not null`,
  ),
]);
