import type { Fact } from '@devpulse/contract/facts';

/**
 * Every event that GitHub sends, and what each of its actions tells: which facts, or the reason why none. The key `''` stands for
 * events without actions, `*` for any. What is not here is unknown: it is kept, counted and told as such.
 */
export type Tells =
  | { readonly tells: readonly FactName[]; readonly sometimes?: readonly FactName[] }
  | { readonly none: string };
type FactName = Fact['fact'];

function tells(...names: FactName[]): Tells {
  return { tells: names };
}

function none(reason: string): Tells {
  return { none: reason };
}

function each(actions: string, tell: Tells): Record<string, Tells> {
  return Object.fromEntries(actions.split(' ').map((action) => [action, tell]));
}

const onlyAccess = none('Who may see what is asked of GitHub itself: the event says that it is time to.');
const notKept = none('Nothing of it is counted or shown.');
const toldByPush = none('The push of the same ref tells more: where it stands.');
const toldByRuns = none('Workflow runs and check suites tell what came of it.');
const settingsOnly = none('It changes how people must work, not what they did.');
const securityOfOthers = none('It is about a secret or a hole, and not work that somebody did.');

const pull = tells('pull-request', 'pull-detail');
const pullMoment = tells('pull-request', 'pull-detail', 'moment');
const besideReview: Tells = { tells: ['review'], sometimes: ['pull-request'] };
const besideComment: Tells = { tells: ['comment'], sometimes: ['pull-request'] };
const threadComment: Tells = { tells: ['comment'], sometimes: ['issue'] };
const repository = tells('repository', 'repository-profile');

const threads = {
  pull_request: {
    ...each('opened edited milestoned demilestoned locked unlocked stacked', pull),
    ...each('assigned unassigned labeled unlabeled review_requested review_request_removed', pullMoment),
    ...each('ready_for_review converted_to_draft synchronize closed reopened', pullMoment),
    ...each('enqueued dequeued auto_merge_enabled auto_merge_disabled', pullMoment),
    // Listed with the examples, never sent: a merge is `closed`.
    merged: none('GitHub sends a merge as `closed`.'),
  },
  pull_request_review: {
    submitted: besideReview,
    edited: besideReview,
    dismissed: { tells: ['review', 'gone'], sometimes: ['pull-request'] },
  },
  pull_request_review_comment: {
    created: besideComment,
    edited: besideComment,
    deleted: { tells: ['gone'], sometimes: ['pull-request'] },
  },
  pull_request_review_thread: each(
    'resolved unresolved',
    none('Whether a thread is resolved is not kept; its comments tell of themselves.'),
  ),
  issues: {
    ...each('opened edited locked unlocked pinned unpinned typed untyped', tells('issue')),
    // Sent of pull requests as well, of which it tells nothing.
    ...each('milestoned demilestoned', { tells: [], sometimes: ['issue'] }),
    ...each('field_added field_removed', tells('issue')),
    ...each('assigned unassigned labeled unlabeled closed reopened', tells('issue', 'moment')),
    ...each('deleted transferred', tells('gone')),
  },
  issue_comment: {
    ...each('created edited pinned unpinned', threadComment),
    deleted: { tells: ['gone'], sometimes: ['issue'] },
  },
  commit_comment: { created: tells('comment') },
  discussion: {
    ...each('created edited answered unanswered category_changed labeled unlabeled', tells('discussion')),
    ...each('locked unlocked pinned unpinned closed reopened', tells('discussion')),
    ...each('deleted transferred', tells('gone')),
  },
  discussion_comment: {
    ...each('created edited', tells('discussion', 'comment')),
    deleted: tells('discussion', 'gone'),
  },
  issue_dependencies: each('blocked_by_added blocked_by_removed blocking_added blocking_removed', notKept),
  sub_issues: each('parent_issue_added parent_issue_removed sub_issue_added sub_issue_removed', notKept),
} satisfies Events;

const code = {
  push: { '': { tells: ['push'], sometimes: ['ref'] } },
  create: { '': toldByPush },
  delete: { '': tells('ref') },
  release: {
    ...each('created edited published released prereleased unpublished', tells('release')),
    deleted: tells('gone'),
  },
  deployment: { created: tells('deployment') },
  deployment_status: { created: tells('deployment', 'deployment-status') },
  deployment_review: each(
    'approved rejected requested',
    none('The statuses of the deployment tell when it waited and went on.'),
  ),
  deployment_protection_rule: { requested: none('The statuses of the deployment tell when it waited and went on.') },
  workflow_run: each('requested in_progress completed', tells('workflow-run')),
  workflow_job: each('queued waiting in_progress completed', toldByRuns),
  workflow_dispatch: { '': toldByRuns },
  repository_dispatch: { '*': toldByRuns },
  check_suite: each('requested rerequested completed', tells('check-suite')),
  check_run: each('created completed requested_action rerequested', toldByRuns),
  status: { '': toldByRuns },
  merge_group: each(
    'checks_requested destroyed',
    none('The pull request tells when it was queued, left the queue and was merged.'),
  ),
  page_build: { '': notKept },
  gollum: { '': none('Pages of the wiki are not read.') },
  package: each('published updated', notKept),
  registry_package: each('published updated', notKept),
} satisfies Events;

const repositories = {
  repository: {
    ...each('created edited renamed transferred archived unarchived privatized publicized', repository),
    deleted: tells('repository'),
  },
  public: { '': repository },
  star: each('created deleted', tells('star')),
  watch: { started: none('It is the older name of a star, which is sent as `star` too.') },
  fork: { '': tells('fork') },
  dependabot_alert: {
    ...each('created dismissed fixed reintroduced reopened auto_dismissed auto_reopened', tells('alert')),
    assignees_changed: tells('alert'),
  },
  repository_vulnerability_alert: each(
    'create dismiss reopen resolve',
    none('It is the older name of `dependabot_alert`.'),
  ),
  repository_import: { '': none('What was imported is read as any other history.') },
  repository_advisory: each('published reported', securityOfOthers),
  repository_ruleset: each('created edited deleted', settingsOnly),
  branch_protection_rule: each('created edited deleted', settingsOnly),
  branch_protection_configuration: each('enabled disabled', settingsOnly),
  deploy_key: each('created deleted', settingsOnly),
  label: each('created edited deleted', none('A label counts where it is put on, which the thread tells.')),
  milestone: each('created edited opened closed deleted', notKept),
  project: each('created edited closed reopened deleted', notKept),
  project_card: each('created edited moved converted deleted', notKept),
  project_column: each('created edited moved deleted', notKept),
  projects_v2: each('created edited closed reopened deleted', notKept),
  projects_v2_item: each('created edited archived restored converted reordered deleted', notKept),
  projects_v2_status_update: each('created edited deleted', notKept),
  custom_property: each('created deleted updated promote_to_enterprise', settingsOnly),
  custom_property_values: { updated: settingsOnly },
  code_scanning_alert: each(
    'appeared_in_branch closed_by_user created fixed reopened reopened_by_user updated_assignment',
    securityOfOthers,
  ),
  secret_scanning_alert: each(
    'created reopened resolved revoked validated publicly_leaked assigned unassigned metadata_created metadata_removed',
    securityOfOthers,
  ),
  secret_scanning_alert_location: { '*': securityOfOthers },
  secret_scanning_scan: { completed: securityOfOthers },
  security_advisory: each('published updated withdrawn performed', securityOfOthers),
  security_and_analysis: { '': settingsOnly },
} satisfies Events;

const accounts = {
  ping: { '': none('It proves that the hook reaches us.') },
  meta: { deleted: none('The hook was deleted at GitHub; the list of hooks shows it.') },
  installation: each('created deleted suspend unsuspend new_permissions_accepted', onlyAccess),
  installation_repositories: each('added removed', onlyAccess),
  installation_target: { renamed: onlyAccess },
  github_app_authorization: { revoked: onlyAccess },
  personal_access_token_request: each('created approved denied cancelled', onlyAccess),
  member: each('added edited removed', onlyAccess),
  membership: each('added removed', onlyAccess),
  organization: each('member_added member_invited member_removed renamed deleted', onlyAccess),
  team: each('created edited deleted added_to_repository removed_from_repository', onlyAccess),
  team_add: { '': onlyAccess },
  org_block: each('blocked unblocked', notKept),
  sponsorship: each('created edited cancelled pending_cancellation pending_tier_change tier_changed', notKept),
  marketplace_purchase: each(
    'purchased changed cancelled pending_change pending_change_cancelled',
    none('DevPulse sells nothing.'),
  ),
} satisfies Events;

type Events = Record<string, Record<string, Tells>>;

const events: Events = { ...threads, ...code, ...repositories, ...accounts };

/** By event and action. A map: names come from outside, and an object knows `constructor` too. */
export const eventActions: ReadonlyMap<string, ReadonlyMap<string, Tells>> = new Map(
  Object.entries(events).map(([event, actions]) => [event, new Map(Object.entries(actions))]),
);
