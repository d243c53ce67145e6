-- What counts as a line that somebody changed, said once for every metric of lines: one row for each file of a commit, and one
-- for each commit whose files the source could not read, so that what is known to be missing does not pass for 0.

set local row_security = off;

create view lens_changed_lines with (security_invoker = true) as
select
  l.workspace_id,
  l.person_id,
  l.authored_at,
  l.repository_id,
  l.sha || ':' || l.path as item,
  coalesce(l.language, 'Other') as language,
  l.additions,
  l.deletions,
  -- There are lines in it that nobody can count.
  coalesce(l.left_out in ('binary', 'submodule'), false) as is_uncounted,
  case
    when l.kind <> 'person' then l.kind
    when l.is_merge then 'merge'
    else l.left_out
  end as left_out
from lens_commit_lines l
union all
select
  c.workspace_id,
  i.person_id,
  c.authored_at,
  c.repository_id,
  c.sha,
  '',
  0,
  0,
  true,
  case when i.kind <> 'person' then i.kind else 'unknown' end
from lens_commits c
join lens_identities i on i.workspace_id = c.workspace_id and i.identity_id = c.author_id
where c.files_changed is null and not c.is_merge;

grant select on lens_changed_lines to devpulse_app;
comment on view lens_changed_lines is 'Lines that somebody changed, with a reason for each that does not count; one row for a file of a commit.';
