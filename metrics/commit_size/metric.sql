select
  c.workspace_id,
  i.person_id,
  c.authored_at as at,
  c.repository_id as resource_id,
  c.sha as item,
  ''::text as part,
  coalesce(f.lines, 0)::double precision as amount,
  1::double precision as base,
  case
    when i.kind <> 'person' then i.kind
    when c.is_merge then 'merge'
    when c.files_changed is null then 'unknown'
    when f.nothing_counts then f.reason
  end as left_out
from lens_commits c
join lens_identities i on i.workspace_id = c.workspace_id and i.identity_id = c.author_id
-- Summed commit by commit, so that a range of time asked of the whole still reaches the index of commits.
cross join lateral (
  select
    sum(file.additions::bigint + file.deletions) filter (where file.left_out is null) as lines,
    bool_and(file.left_out is not null) as nothing_counts,
    min(file.left_out collate "C") as reason
  from fact_commit_files file
  where file.workspace_id = c.workspace_id and file.sha = c.sha
) f
