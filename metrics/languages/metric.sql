select
  l.workspace_id,
  l.person_id,
  l.authored_at as at,
  l.repository_id as resource_id,
  l.sha || ':' || l.path as item,
  coalesce(l.language, 'Other') as part,
  (l.additions::bigint + l.deletions)::double precision as amount,
  1::double precision as base,
  case
    when l.kind <> 'person' then l.kind
    when l.is_merge then 'merge'
    else l.left_out
  end as left_out
from lens_commit_lines l
where l.additions > 0 or l.deletions > 0 or l.left_out in ('binary', 'submodule')
union all
-- What the source could not read is known to be missing: without these rows it would pass for 0.
select
  c.workspace_id,
  i.person_id,
  c.authored_at,
  c.repository_id,
  c.sha,
  ''::text,
  0::double precision,
  1::double precision,
  case when i.kind <> 'person' then i.kind else 'unknown' end
from lens_commits c
join lens_identities i on i.workspace_id = c.workspace_id and i.identity_id = c.author_id
where c.files_changed is null and not c.is_merge
