-- What a forge tells beyond commits: pull requests, issues, reviews, comments, releases, deployments, runs, and levels of
-- repositories. One table for each fact, with parts of its own where a fact is a list; the columns are declared once more in
-- packages/pipeline/src/derive/families/, and a test compares the two. No references between facts: any may come first.

set local row_security = off;

-- A login changes hands; of a permanent account the newest counts. epoch: nobody said when it was in force.
alter table fact_identities add column login_at timestamptz not null default 'epoch';
-- False: only ever told of by what they like, forked or are called, never by something they did.
alter table fact_identities add column has_acted boolean not null default true;

create table fact_pull_requests (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  title text not null,
  url text,
  author_id uuid not null,
  state text not null check (state in ('open', 'closed', 'merged')),
  is_draft boolean not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- when the source said so; of two tellings of one updated_at the later wins
  seen_at timestamptz not null,
  closed_at timestamptz,
  merged_at timestamptz,
  merge_commit text,
  base_branch text not null,
  head_branch text not null,
  head_sha text not null,
  -- the source's key; null: the fork is gone
  head_repository text,
  labels text[] not null,
  -- marks that tools leave in its text
  marks text[] not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, number)
);
create index fact_pull_requests_by_author on fact_pull_requests (workspace_id, author_id);
create index fact_pull_requests_by_opening on fact_pull_requests (workspace_id, created_at);
create index fact_pull_requests_by_merge on fact_pull_requests (workspace_id, merged_at) where merged_at is not null;
create index fact_pull_requests_by_end on fact_pull_requests (workspace_id, closed_at) where closed_at is not null;
create index fact_pull_requests_by_merge_commit on fact_pull_requests (workspace_id, merge_commit) where merge_commit is not null;

create table fact_pull_details (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  merged_by_id uuid,
  additions integer not null,
  deletions integer not null,
  changed_files integer not null,
  commits integer not null,
  comments integer not null,
  review_comments integer not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, number)
);
create index fact_pull_details_by_merger on fact_pull_details (workspace_id, merged_by_id) where merged_by_id is not null;

-- The commits of a pull request at each of its heads.
create table fact_pull_heads (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  head text not null,
  is_whole boolean not null,
  commits_listed integer not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, number, head)
);

create table fact_pull_commits (
  workspace_id uuid not null,
  repository_id uuid not null,
  number integer not null,
  head text not null,
  place integer not null,
  sha text not null,
  primary key (workspace_id, repository_id, number, head, place),
  foreign key (workspace_id, repository_id, number, head) references fact_pull_heads on delete cascade
);
create index fact_pull_commits_by_sha on fact_pull_commits (workspace_id, sha);

-- The files of a pull request at each of its heads, against the branch it goes to.
create table fact_pull_diffs (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  head text not null,
  is_whole boolean not null,
  files_listed integer not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, number, head)
);

create table fact_pull_files (
  workspace_id uuid not null,
  repository_id uuid not null,
  number integer not null,
  head text not null,
  place integer not null,
  path text not null,
  previous_path text,
  additions integer not null,
  deletions integer not null,
  language text,
  -- why its lines are not counted, as in fact_commit_files
  left_out text,
  primary key (workspace_id, repository_id, number, head, place),
  foreign key (workspace_id, repository_id, number, head) references fact_pull_diffs on delete cascade
);

create table fact_issues (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  title text not null,
  url text,
  author_id uuid not null,
  state text not null check (state in ('open', 'closed')),
  state_reason text check (state_reason in ('completed', 'not_planned', 'duplicate', 'reopened')),
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  closed_at timestamptz,
  labels text[] not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, number)
);
create index fact_issues_by_author on fact_issues (workspace_id, author_id);
create index fact_issues_by_opening on fact_issues (workspace_id, created_at);
create index fact_issues_by_end on fact_issues (workspace_id, closed_at) where closed_at is not null;

-- What live events told.
create table fact_moments (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  kind text not null,
  at timestamptz not null,
  -- null: the source does not say who
  actor_id uuid,
  -- whom or what it is about; empty where nothing
  subject text not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, number, kind, at, subject)
);
create index fact_moments_by_actor on fact_moments (workspace_id, actor_id, at) where actor_id is not null;
create index fact_moments_by_time on fact_moments (workspace_id, at);

-- Looks at whole threads, and the moments they found.
create table fact_timelines (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  as_of timestamptz not null,
  seen_at timestamptz not null,
  moments_listed integer not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, number)
);

create table fact_timeline_moments (
  workspace_id uuid not null,
  repository_id uuid not null,
  number integer not null,
  place integer not null,
  kind text not null,
  at timestamptz not null,
  actor_id uuid,
  subject text not null,
  primary key (workspace_id, repository_id, number, place),
  foreign key (workspace_id, repository_id, number) references fact_timelines on delete cascade
);
create index fact_timeline_moments_by_actor on fact_timeline_moments (workspace_id, actor_id, at) where actor_id is not null;
create index fact_timeline_moments_by_time on fact_timeline_moments (workspace_id, at);

create table fact_reviews (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  id text not null,
  reviewer_id uuid not null,
  said text not null check (said in ('approved', 'changes_requested', 'commented', 'unknown')),
  submitted_at timestamptz not null,
  "commit" text,
  content_hash text not null,
  primary key (workspace_id, repository_id, id)
);
create index fact_reviews_by_thread on fact_reviews (workspace_id, repository_id, number);
create index fact_reviews_by_reviewer on fact_reviews (workspace_id, reviewer_id, submitted_at);
create index fact_reviews_by_time on fact_reviews (workspace_id, submitted_at);

create table fact_comments (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  -- null for a comment on a commit
  number integer,
  place text not null check (place in ('thread', 'diff', 'commit', 'discussion')),
  id text not null,
  author_id uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  review text,
  content_hash text not null,
  primary key (workspace_id, repository_id, id)
);
create index fact_comments_by_thread on fact_comments (workspace_id, repository_id, number);
create index fact_comments_by_author on fact_comments (workspace_id, author_id, created_at);
create index fact_comments_by_time on fact_comments (workspace_id, created_at);

create table fact_discussions (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  title text not null,
  url text,
  author_id uuid not null,
  category text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  is_closed boolean not null,
  answered_at timestamptz,
  content_hash text not null,
  primary key (workspace_id, repository_id, number)
);
create index fact_discussions_by_author on fact_discussions (workspace_id, author_id, created_at);
create index fact_discussions_by_time on fact_discussions (workspace_id, created_at);

-- What the source said is no more; never undone.
create table fact_gone (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  what text not null check (what in ('issue', 'comment', 'review', 'release', 'discussion', 'deployment')),
  id text not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, what, id)
);

create table fact_releases (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  id text not null,
  tag text not null,
  name text not null,
  url text,
  author_id uuid not null,
  is_draft boolean not null,
  is_prerelease boolean not null,
  created_at timestamptz not null,
  published_at timestamptz,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, id)
);
create index fact_releases_by_author on fact_releases (workspace_id, author_id);
create index fact_releases_by_time on fact_releases (workspace_id, published_at) where published_at is not null;

create table fact_deployments (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  id text not null,
  environment text not null,
  is_production boolean,
  sha text not null,
  ref text not null,
  task text not null,
  creator_id uuid not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, id)
);
create index fact_deployments_by_creator on fact_deployments (workspace_id, creator_id);
create index fact_deployments_by_time on fact_deployments (workspace_id, created_at);

create table fact_deployment_statuses (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  deployment text not null,
  id text not null,
  state text not null
    check (state in ('error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success', 'waiting')),
  environment text not null,
  creator_id uuid not null,
  created_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, deployment, id)
);
create index fact_deployment_statuses_by_creator on fact_deployment_statuses (workspace_id, creator_id);
create index fact_deployment_statuses_by_time on fact_deployment_statuses (workspace_id, created_at);

create table fact_workflow_runs (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  id text not null,
  attempt integer not null,
  name text not null,
  workflow text not null,
  url text,
  event text not null,
  branch text,
  sha text not null,
  actor_id uuid not null,
  status text not null check (status in ('queued', 'in_progress', 'completed', 'requested', 'waiting', 'pending')),
  conclusion text,
  created_at timestamptz not null,
  started_at timestamptz,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, id, attempt)
);
create index fact_workflow_runs_by_actor on fact_workflow_runs (workspace_id, actor_id);
create index fact_workflow_runs_by_time on fact_workflow_runs (workspace_id, updated_at);

create table fact_check_suites (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  id text not null,
  sha text not null,
  branch text,
  app text not null,
  status text not null,
  conclusion text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, id)
);
create index fact_check_suites_by_commit on fact_check_suites (workspace_id, repository_id, sha);
create index fact_check_suites_by_time on fact_check_suites (workspace_id, updated_at);

create table fact_repository_profiles (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  observed_at timestamptz not null,
  visibility text not null check (visibility in ('public', 'private', 'internal')),
  owner_id uuid not null,
  is_fork boolean not null,
  is_mirror boolean not null,
  is_template boolean not null,
  content_hash text not null,
  primary key (workspace_id, repository_id)
);

create table fact_refs (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  kind text not null check (kind in ('branch', 'tag')),
  name text not null,
  -- null: it is gone
  sha text,
  observed_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, kind, name)
);

create table fact_pushes (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  ref text not null,
  before text not null,
  after text not null,
  is_forced boolean not null,
  pusher_id uuid not null,
  at timestamptz not null,
  commits integer not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, ref, before, after, at)
);
create index fact_pushes_by_pusher on fact_pushes (workspace_id, pusher_id, at);
create index fact_pushes_by_time on fact_pushes (workspace_id, at);

-- Readings of what rises and falls; a day without one stays a gap.
create table fact_levels (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  level text not null,
  day date not null,
  value bigint not null,
  observed_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, level, day)
);
create index fact_levels_by_day on fact_levels (workspace_id, day);

create table fact_languages (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  observed_at timestamptz not null,
  bytes jsonb not null,
  content_hash text not null,
  primary key (workspace_id, repository_id)
);

create table fact_community (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  observed_at timestamptz not null,
  health integer not null,
  files text[] not null,
  content_hash text not null,
  primary key (workspace_id, repository_id)
);

create table fact_stars (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  user_id uuid not null,
  is_starred boolean not null,
  at timestamptz,
  observed_at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, user_id)
);
create index fact_stars_by_user on fact_stars (workspace_id, user_id);

create table fact_forks (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  -- the source's key of the copy
  fork text not null,
  name text not null,
  owner_id uuid not null,
  at timestamptz not null,
  content_hash text not null,
  primary key (workspace_id, repository_id, fork)
);
create index fact_forks_by_owner on fact_forks (workspace_id, owner_id);

create table fact_alerts (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  state text not null check (state in ('open', 'fixed', 'dismissed', 'auto_dismissed')),
  severity text not null check (severity in ('low', 'medium', 'high', 'critical', 'unknown')),
  package text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  seen_at timestamptz not null,
  ended_at timestamptz,
  content_hash text not null,
  primary key (workspace_id, repository_id, number)
);

-- What somebody decided a pull request is, against what its signals say. To undo it is to delete the row.
create table people_change_overrides (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  repository_id uuid not null,
  number integer not null,
  kind text not null check (kind in ('human', 'assisted', 'agent', 'automation')),
  reason text not null,
  decided_by uuid,
  decided_at timestamptz not null default now(),
  primary key (workspace_id, repository_id, number)
);

do $$
declare
  tenant_table text;
begin
  foreach tenant_table in array array[
    'fact_pull_requests', 'fact_pull_details', 'fact_pull_heads', 'fact_pull_commits', 'fact_pull_diffs', 'fact_pull_files',
    'fact_issues', 'fact_moments', 'fact_timelines', 'fact_timeline_moments', 'fact_reviews', 'fact_comments', 'fact_discussions',
    'fact_gone', 'fact_releases', 'fact_deployments', 'fact_deployment_statuses', 'fact_workflow_runs', 'fact_check_suites',
    'fact_repository_profiles', 'fact_refs', 'fact_pushes', 'fact_levels', 'fact_languages', 'fact_community', 'fact_stars',
    'fact_forks', 'fact_alerts', 'people_change_overrides'
  ] loop
    execute format('alter table %I enable row level security', tenant_table);
    execute format('alter table %I force row level security', tenant_table);
    execute format(
      'create policy own_workspace on %I for all to devpulse_app
         using (workspace_id = (select nullif(current_setting(''app.workspace'', true), '''')::uuid))
         with check (workspace_id = (select nullif(current_setting(''app.workspace'', true), '''')::uuid))',
      tenant_table
    );
    execute format('grant select, insert, update, delete on %I to devpulse_app', tenant_table);
  end loop;
end
$$;

-- Everything by which somebody, or the workspace as a whole, may have a day: what marks days as stale and what a verification
-- walks over. More than what counts: what is gone, or told by machines, is in it too. Metrics read the lenses below.
create view lens_acts with (security_invoker = true) as
select workspace_id, 'commit' as what, null::uuid as repository_id, sha as item, null::integer as number, identity_id,
       authored_at as at
from fact_commit_credits
union all
select workspace_id, 'pull', repository_id, number::text, number, author_id, created_at from fact_pull_requests
union all
select workspace_id, 'pull', repository_id, number::text, number, author_id, merged_at from fact_pull_requests
where merged_at is not null
union all
select workspace_id, 'pull', repository_id, number::text, number, author_id, closed_at from fact_pull_requests
where closed_at is not null
union all
select p.workspace_id, 'pull', p.repository_id, p.number::text, p.number, d.merged_by_id, coalesce(p.merged_at, d.updated_at)
from fact_pull_details d
join fact_pull_requests p
  on p.workspace_id = d.workspace_id and p.repository_id = d.repository_id and p.number = d.number
where d.merged_by_id is not null
union all
select workspace_id, 'issue', repository_id, number::text, number, author_id, created_at from fact_issues
union all
select workspace_id, 'issue', repository_id, number::text, number, author_id, closed_at from fact_issues
where closed_at is not null
union all
select workspace_id, 'moment', repository_id, number::text, number, actor_id, at from fact_moments
union all
select workspace_id, 'moment', repository_id, number::text, number, actor_id, at from fact_timeline_moments
union all
select workspace_id, 'review', repository_id, id, number, reviewer_id, submitted_at from fact_reviews
union all
select workspace_id, 'comment', repository_id, id, number, author_id, created_at from fact_comments
union all
select workspace_id, 'discussion', repository_id, number::text, number, author_id, created_at from fact_discussions
union all
select workspace_id, 'discussion', repository_id, number::text, number, author_id, answered_at from fact_discussions
where answered_at is not null
union all
select workspace_id, 'release', repository_id, id, null, author_id, coalesce(published_at, created_at) from fact_releases
union all
select workspace_id, 'deployment', repository_id, id, null, creator_id, created_at from fact_deployments
union all
select workspace_id, 'deployment', repository_id, deployment, null, creator_id, created_at from fact_deployment_statuses
union all
select workspace_id, 'workflow-run', repository_id, id, null, actor_id, created_at from fact_workflow_runs
union all
select workspace_id, 'workflow-run', repository_id, id, null, actor_id, updated_at from fact_workflow_runs
union all
select workspace_id, 'check-suite', repository_id, id, null, null, updated_at from fact_check_suites
union all
select workspace_id, 'push', repository_id, after, null, pusher_id, at from fact_pushes
union all
select workspace_id, 'star', repository_id, user_id::text, null, null, coalesce(at, observed_at) from fact_stars
union all
select workspace_id, 'fork', repository_id, fork, null, null, at from fact_forks
union all
-- A source cuts its days in UTC; noon is the same day nearly everywhere.
select workspace_id, 'level', repository_id, level, null, null, (day + time '12:00') at time zone 'UTC' from fact_levels
union all
select workspace_id, 'alert', repository_id, number::text, null, null, created_at from fact_alerts
union all
select workspace_id, 'alert', repository_id, number::text, null, null, ended_at from fact_alerts where ended_at is not null;

-- What happened to threads. A look at a whole thread beats what live events told up to then: the two disagree by seconds about
-- one and the same act. Of plain pushes to a head no such look tells.
create view lens_moments with (security_invoker = true) as
select workspace_id, repository_id, number, kind, at, actor_id, subject from fact_timeline_moments
union all
select m.workspace_id, m.repository_id, m.number, m.kind, m.at, m.actor_id, m.subject
from fact_moments m
where m.kind = 'head_pushed' or not exists (
  select 1 from fact_timelines t
  where t.workspace_id = m.workspace_id and t.repository_id = m.repository_id and t.number = m.number and t.as_of >= m.at
);

-- A review keeps what it said; that it was dismissed is told beside it.
create view lens_reviews with (security_invoker = true) as
select r.workspace_id, r.repository_id, r.number, r.id, r.reviewer_id, i.kind, i.person_id, r.said, r.submitted_at, r."commit",
       exists (
         select 1 from fact_gone g
         where g.workspace_id = r.workspace_id and g.repository_id = r.repository_id and g.what = 'review' and g.id = r.id
       ) as is_dismissed
from fact_reviews r
join lens_identities i on i.workspace_id = r.workspace_id and i.identity_id = r.reviewer_id;

create view lens_comments with (security_invoker = true) as
select c.workspace_id, c.repository_id, c.number, c.place, c.id, c.author_id, i.kind, i.person_id, c.created_at, c.review
from fact_comments c
join lens_identities i on i.workspace_id = c.workspace_id and i.identity_id = c.author_id
where not exists (
  select 1 from fact_gone g
  where g.workspace_id = c.workspace_id and g.repository_id = c.repository_id and g.what = 'comment' and g.id = c.id
);

create view lens_issues with (security_invoker = true) as
select s.workspace_id, s.repository_id, s.number, s.title, s.url, s.author_id, i.kind, i.person_id, s.state, s.state_reason,
       s.created_at, s.closed_at, s.labels
from fact_issues s
join lens_identities i on i.workspace_id = s.workspace_id and i.identity_id = s.author_id
where not exists (
  select 1 from fact_gone g
  where g.workspace_id = s.workspace_id and g.repository_id = s.repository_id and g.what = 'issue' and g.id = s.number::text
);

-- When the work on a pull request began: the earliest author date among the commits that were ever listed for it. What is left
-- out: merges of the branch it goes to, commits dated after the opening (a clock, or later work), and what is dated more than 90
-- days before it (picked or revived work). No row: none of its commits is known, or none is left.
create view lens_first_commits with (security_invoker = true) as
select p.workspace_id, p.repository_id, p.number, min(c.authored_at) as first_commit_at, count(distinct c.sha) as commits
from fact_pull_requests p
join fact_pull_commits l on l.workspace_id = p.workspace_id and l.repository_id = p.repository_id and l.number = p.number
join fact_commits c on c.workspace_id = l.workspace_id and c.sha = l.sha
where not c.is_merge and c.authored_at <= p.created_at and c.authored_at >= p.created_at - interval '90 days'
group by p.workspace_id, p.repository_id, p.number;

-- What a pull request is, and by which sign: a person's, a person's with the help of an agent, an agent's, or that of another
-- machine. A decision of somebody beats every sign; a sign of an agent beats one of help.
create view lens_changes with (security_invoker = true) as
select p.workspace_id, p.repository_id, p.number, coalesce(o.kind, s.kind, 'human') as kind,
       case when o.kind is not null then 'decided: ' || o.reason else coalesce(s.signal, 'no sign of a machine') end as signal
from fact_pull_requests p
left join people_change_overrides o
  on o.workspace_id = p.workspace_id and o.repository_id = p.repository_id and o.number = p.number
left join lateral (
  select every_sign.kind, every_sign.signal from (
    select 1 as weight, i.kind, 'opened by: ' || i.kind_signal as signal from fact_identities i
    where i.workspace_id = p.workspace_id and i.id = p.author_id and i.kind <> 'person'
    union all
    select case split_part(m.mark, ':', 1) when 'agent' then 2 when 'automation' then 3 else 5 end, split_part(m.mark, ':', 1),
           substr(m.mark, strpos(m.mark, ':') + 1)
    from unnest(p.marks) as m (mark) where split_part(m.mark, ':', 1) in ('agent', 'automation', 'assisted')
    union all
    -- Commits at the head it has now; what was pushed over is not in the change any more.
    select case when bool_and(k.is_agents) then 4 else 5 end, case when bool_and(k.is_agents) then 'agent' else 'assisted' end,
           case when bool_and(k.is_agents) then 'all its commits are by an agent' else 'an agent is credited with its commits' end
    from (
      select c.sha, bool_or(i.kind = 'agent' and c.role = 'author') as is_agents, bool_or(i.kind = 'agent') as has_agent
      from fact_pull_commits l
      join fact_commit_credits c on c.workspace_id = l.workspace_id and c.sha = l.sha
      join fact_identities i on i.workspace_id = c.workspace_id and i.id = c.identity_id
      where l.workspace_id = p.workspace_id and l.repository_id = p.repository_id and l.number = p.number and l.head = p.head_sha
      group by c.sha
    ) k
    having bool_or(k.has_agent)
  ) every_sign
  order by every_sign.weight, every_sign.signal collate "C" limit 1
) s on true;

-- A pull request with its author, and with what only the whole answer for it tells.
create view lens_pull_requests with (security_invoker = true) as
select p.workspace_id, p.repository_id, p.number, p.title, p.url, p.author_id, i.kind, i.person_id, p.state, p.is_draft,
       p.created_at, p.closed_at, p.merged_at, p.merge_commit, p.base_branch, p.head_branch, p.head_sha, p.head_repository, p.labels,
       d.merged_by_id, d.additions, d.deletions, d.changed_files, d.commits, d.comments, d.review_comments
from fact_pull_requests p
join lens_identities i on i.workspace_id = p.workspace_id and i.identity_id = p.author_id
left join fact_pull_details d
  on d.workspace_id = p.workspace_id and d.repository_id = p.repository_id and d.number = p.number
where not exists (
  select 1 from fact_gone g
  where g.workspace_id = p.workspace_id and g.repository_id = p.repository_id and g.what = 'issue' and g.id = p.number::text
);

create or replace function refresh_statistics() returns void
language plpgsql security definer set search_path = public, pg_temp set default_statistics_target = 20
as $$
begin
  analyze raw_events, fact_identities, fact_repositories, fact_commits, fact_commit_credits, fact_commit_files,
    fact_commit_reach, rollup_stale, rollup_days, fact_pull_requests, fact_pull_details, fact_pull_heads, fact_pull_commits,
    fact_pull_diffs, fact_pull_files, fact_issues, fact_moments, fact_timelines, fact_timeline_moments, fact_reviews,
    fact_comments, fact_discussions, fact_gone, fact_deployments, fact_deployment_statuses, fact_workflow_runs,
    fact_check_suites, fact_pushes, fact_levels, fact_stars;
end
$$;

-- As before, without those who never did anything here: whoever only starred a repository is nobody's colleague.
create or replace view lens_people with (security_invoker = true) as
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
where i.person_id is not null and (f.has_acted or p.id is not null)
group by i.workspace_id, i.person_id, p.name, own.name, own.login, own.email, p.zone, w.zone
union all
select p.workspace_id, p.id, p.name, coalesce(p.zone, w.zone)
from people p
join workspaces w on w.id = p.workspace_id
where not exists (
  select 1 from lens_identities i where i.workspace_id = p.workspace_id and i.person_id = p.id
);

grant select on lens_acts, lens_moments, lens_reviews, lens_comments, lens_issues, lens_first_commits, lens_changes,
  lens_pull_requests to devpulse_app;
comment on view lens_acts is 'Everything by which somebody, or the workspace, may have a day; more than what counts.';
comment on view lens_pull_requests is 'Pull requests with their author and details; what is gone is left out.';
comment on view lens_moments is 'What happened to threads: of whole looks, and of live events since.';
comment on view lens_reviews is 'Reviews with their reviewer, what they said, and whether they were dismissed.';
comment on view lens_comments is 'Comments with their author; what is gone is left out.';
comment on view lens_issues is 'Issues with their author; what is gone is left out.';
comment on view lens_first_commits is 'When the work on a pull request began, by its own commits.';
comment on view lens_changes is 'What a pull request is (human, assisted, agent, automation), and by which sign.';
