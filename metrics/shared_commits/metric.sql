select
  c.workspace_id,
  c.person_id,
  c.authored_at as at,
  c.repository_id as resource_id,
  c.sha as item,
  ''::text as part,
  (
    select case when count(distinct i.person_id) > 1 then 1 else 0 end
    from fact_commit_credits every_credit
    join lens_identities i on i.workspace_id = every_credit.workspace_id and i.identity_id = every_credit.identity_id
    where every_credit.workspace_id = c.workspace_id and every_credit.sha = c.sha
  )::double precision as amount,
  1::double precision as base,
  case when c.kind <> 'person' then c.kind end as left_out
from lens_commit_credits c
