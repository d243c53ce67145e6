select
  l.workspace_id,
  l.person_id,
  l.authored_at as at,
  l.repository_id as resource_id,
  l.item,
  ''::text as part,
  l.additions::double precision as amount,
  1::double precision as base,
  l.left_out
from lens_changed_lines l
where l.additions > 0 or l.is_uncounted
