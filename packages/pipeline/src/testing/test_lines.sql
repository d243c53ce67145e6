select workspace_id, person_id, authored_at as at, repository_id as resource_id, sha || ':' || path as item, '' as part,
       additions::double precision as amount, 1::double precision as base,
       case when kind <> 'person' then kind else left_out end as left_out
from lens_commit_lines
