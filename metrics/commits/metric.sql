select
  c.workspace_id,
  c.person_id,
  c.authored_at as at,
  c.repository_id as resource_id,
  c.sha as item,
  ''::text as part,
  1::double precision as amount,
  1::double precision as base,
  case when c.kind <> 'person' then c.kind end as left_out
from lens_commit_credits c
