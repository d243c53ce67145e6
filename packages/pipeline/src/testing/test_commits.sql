select workspace_id, person_id, authored_at as at, repository_id as resource_id, sha as item, '' as part,
       1::double precision as amount, 1::double precision as base,
       case when kind <> 'person' then kind end as left_out
from lens_commit_credits
