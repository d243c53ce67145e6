select
  c.workspace_id,
  c.person_id,
  c.authored_at as at,
  c.repository_id as resource_id,
  c.sha as item,
  ''::text as part,
  -- Another person is looked for, and only then whose credit it is: most commits have one credit, and a look at an index
  -- says so. A machine's row is the same commit, so it has to say the same, by counting.
  case
    when c.person_id is not null then exists (
      select 1
      from fact_commit_credits other
      join lens_identities i on i.workspace_id = other.workspace_id and i.identity_id = other.identity_id
      where other.workspace_id = c.workspace_id and other.sha = c.sha and other.identity_id <> c.identity_id
        and i.person_id <> c.person_id
    )
    else (
      select count(distinct i.person_id) > 1
      from fact_commit_credits every_credit
      join lens_identities i on i.workspace_id = every_credit.workspace_id and i.identity_id = every_credit.identity_id
      where every_credit.workspace_id = c.workspace_id and every_credit.sha = c.sha
    )
  end::integer::double precision as amount,
  1::double precision as base,
  case when c.kind <> 'person' then c.kind end as left_out
from lens_commit_credits c
