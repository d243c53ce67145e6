-- What metrics look through: facts joined once, in one place, with what people decided about identities.
-- security_invoker: a view must never show more than its reader may see.

set local row_security = off;

-- Which person stands behind an identity, and in whose zone that person's days are cut.
create view lens_identities with (security_invoker = true) as
select
  i.workspace_id,
  i.id as identity_id,
  i.kind,
  case when i.kind = 'person' then coalesce(l.person_id, i.id) end as person_id
from fact_identities i
left join people_links l on l.workspace_id = i.workspace_id and l.identity_id = i.id;

-- Every person there is: those with settings of their own and those only known by an identity.
create view lens_people with (security_invoker = true) as
select
  i.workspace_id,
  i.person_id,
  coalesce(p.name, own.name, own.login, own.email, min(f.name), 'Unnamed') as name,
  coalesce(p.zone, w.zone) as zone
from lens_identities i
join fact_identities f on f.workspace_id = i.workspace_id and f.id = i.identity_id
join workspaces w on w.id = i.workspace_id
left join people p on p.workspace_id = i.workspace_id and p.id = i.person_id
left join fact_identities own on own.workspace_id = i.workspace_id and own.id = i.person_id
where i.person_id is not null
group by i.workspace_id, i.person_id, p.name, own.name, own.login, own.email, p.zone, w.zone
union all
select p.workspace_id, p.id, p.name, coalesce(p.zone, w.zone)
from people p
join workspaces w on w.id = p.workspace_id
where not exists (
  select 1 from lens_identities i where i.workspace_id = p.workspace_id and i.person_id = p.id
);

-- A commit where it can be reached today: one row for each repository that holds it.
create view lens_commits with (security_invoker = true) as
select
  c.workspace_id,
  c.sha,
  c.authored_at,
  c.is_merge,
  c.subject,
  c.files_changed,
  c.author_id,
  r.repository_id
from fact_commits c
join fact_commit_reach r on r.workspace_id = c.workspace_id and r.sha = c.sha and r.reachable
join fact_repositories f
  on f.workspace_id = r.workspace_id and f.id = r.repository_id and r.snapshot >= f.reach_baseline;

-- The same, once for each identity that is credited with it.
create view lens_commit_credits with (security_invoker = true) as
select
  c.workspace_id,
  c.sha,
  c.authored_at,
  c.is_merge,
  c.files_changed,
  c.repository_id,
  cr.role,
  cr.identity_id,
  i.kind,
  i.person_id
from lens_commits c
join fact_commit_credits cr on cr.workspace_id = c.workspace_id and cr.sha = c.sha
join lens_identities i on i.workspace_id = cr.workspace_id and i.identity_id = cr.identity_id;

-- The same, once for each file, for the author alone: nobody can tell which of several authors typed a line.
create view lens_commit_lines with (security_invoker = true) as
select
  c.workspace_id,
  c.sha,
  c.authored_at,
  c.is_merge,
  c.repository_id,
  i.kind,
  i.person_id,
  f.path,
  f.additions,
  f.deletions,
  f.language,
  f.left_out
from lens_commits c
join fact_commit_files f on f.workspace_id = c.workspace_id and f.sha = c.sha
join lens_identities i on i.workspace_id = c.workspace_id and i.identity_id = c.author_id;
