select
  c.workspace_id,
  c.person_id,
  c.authored_at as at,
  c.repository_id as resource_id,
  c.sha as item,
  ''::text as part,
  -- Another credit is looked for first, and only then whose it is: most commits have none, and one look at an index says so.
  case
    when exists (
      select 1
      from fact_commit_credits other
      join lens_identities i on i.workspace_id = other.workspace_id and i.identity_id = other.identity_id
      where other.workspace_id = c.workspace_id and other.sha = c.sha and other.identity_id <> c.identity_id
        and i.person_id <> c.person_id
    ) then 1
    else 0
  end::double precision as amount,
  1::double precision as base,
  case when c.kind <> 'person' then c.kind end as left_out
from lens_commit_credits c
