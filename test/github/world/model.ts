/** A whole second in UTC, as GitHub writes it: `2026-01-02T03:04:05Z`. Two of them compare as texts. */
export type Instant = string;

export interface Account {
  id: number;
  login: string;
  name: string | null;
  type: 'User' | 'Bot' | 'Organization';
  emails: { email: string; primary: boolean; verified: boolean }[];
  createdAt: Instant;
  /** Of an organization: its people by account id. */
  members: Map<number, 'admin' | 'member'>;
  teams: Team[];
}

export interface Team {
  id: number;
  name: string;
  slug: string;
  members: Set<number>;
}

export interface Signature {
  name: string;
  email: string;
  date: Instant;
  /** Minutes that the own clock was ahead of UTC. */
  offset: number;
  /** Whom GitHub takes it for by the address; null: nobody it knows. */
  account: Account | null;
}

export interface FileChange {
  path: string;
  previousPath: string | null;
  status: 'added' | 'modified' | 'removed' | 'renamed';
  additions: number;
  deletions: number;
  isBinary: boolean;
}

export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  message: string;
  author: Signature;
  committer: Signature;
  files: FileChange[];
}

export interface Label {
  id: number;
  name: string;
}

export interface Comment {
  id: number;
  author: Account;
  body: string;
  createdAt: Instant;
  updatedAt: Instant;
}

/** Written beside a commit, in no thread. */
export interface CommitComment extends Comment {
  commit: string;
}

export interface Review {
  id: number;
  author: Account;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  body: string;
  submittedAt: Instant;
  commit: string;
}

export interface ReviewComment extends Comment {
  review: number;
  path: string;
  line: number;
  commit: string;
  inReplyTo: number | null;
}

export const threadEvents = [
  'assigned',
  'unassigned',
  'labeled',
  'unlabeled',
  'closed',
  'reopened',
  'merged',
  'renamed',
  'ready_for_review',
  'convert_to_draft',
  'review_requested',
  'review_request_removed',
  'review_dismissed',
  'head_ref_force_pushed',
  'head_ref_deleted',
  'added_to_merge_queue',
  'removed_from_merge_queue',
  'auto_merge_enabled',
  'auto_merge_disabled',
] as const;

/** What happened to a thread beyond what was written in it. */
export interface ThreadEvent {
  id: number;
  event: (typeof threadEvents)[number];
  actor: Account;
  at: Instant;
  user?: Account;
  team?: Team;
  label?: Label;
  commit?: string;
  /** The head that a push took away. */
  before?: string;
  rename?: { from: string; to: string };
  review?: Review;
  reason?: string | null;
}

export interface Thread {
  id: number;
  number: number;
  title: string;
  body: string | null;
  author: Account;
  state: 'open' | 'closed';
  createdAt: Instant;
  updatedAt: Instant;
  closedAt: Instant | null;
  closedBy: Account | null;
  labels: Label[];
  assignees: Account[];
  comments: Comment[];
  events: ThreadEvent[];
}

export interface Issue extends Thread {
  what: 'issue';
  stateReason: 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface Pull extends Thread {
  what: 'pull';
  isDraft: boolean;
  base: { ref: string; sha: string };
  /** `repository` is null once the fork is gone. */
  head: { ref: string; sha: string; repository: Repository | null };
  /** Its own commits at the present head, oldest first. */
  commits: string[];
  mergedAt: Instant | null;
  mergedBy: Account | null;
  mergeCommit: string | null;
  mergeMethod: MergeMethod | null;
  autoMerge: { by: Account; method: MergeMethod } | null;
  isQueued: boolean;
  requestedReviewers: Account[];
  requestedTeams: Team[];
  reviews: Review[];
  reviewComments: ReviewComment[];
}

export interface Discussion {
  what: 'discussion';
  id: number;
  number: number;
  title: string;
  body: string;
  author: Account;
  category: { id: number; name: string; slug: string; isAnswerable: boolean };
  createdAt: Instant;
  updatedAt: Instant;
  closedAt: Instant | null;
  answer: { comment: number; at: Instant; by: Account } | null;
  comments: (Comment & { replyTo: number | null })[];
}

export interface Release {
  id: number;
  tag: string;
  name: string | null;
  body: string;
  author: Account;
  isDraft: boolean;
  isPrerelease: boolean;
  target: string;
  createdAt: Instant;
  publishedAt: Instant | null;
  updatedAt: Instant;
}

export interface DeploymentStatus {
  id: number;
  state: 'error' | 'failure' | 'inactive' | 'in_progress' | 'queued' | 'pending' | 'success';
  creator: Account;
  environment: string;
  createdAt: Instant;
}

export interface Deployment {
  id: number;
  sha: string;
  ref: string;
  task: string;
  environment: string;
  isProduction: boolean;
  isTransient: boolean;
  creator: Account;
  createdAt: Instant;
  updatedAt: Instant;
  statuses: DeploymentStatus[];
}

export type RunStatus = 'queued' | 'in_progress' | 'completed';

export interface WorkflowRun {
  id: number;
  number: number;
  attempt: number;
  workflow: { id: number; name: string; path: string };
  title: string;
  event: string;
  branch: string;
  sha: string;
  actor: Account;
  status: RunStatus;
  conclusion: 'success' | 'failure' | 'cancelled' | null;
  createdAt: Instant;
  startedAt: Instant;
  updatedAt: Instant;
  checkSuite: number;
}

export interface CheckSuite {
  id: number;
  sha: string;
  branch: string;
  status: RunStatus;
  conclusion: 'success' | 'failure' | 'cancelled' | null;
  createdAt: Instant;
  updatedAt: Instant;
}

export interface CommitStatus {
  id: number;
  sha: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  context: string;
  creator: Account;
  createdAt: Instant;
}

export interface Alert {
  number: number;
  state: 'open' | 'fixed' | 'dismissed' | 'auto_dismissed';
  severity: 'low' | 'medium' | 'high' | 'critical';
  package: string;
  ecosystem: string;
  createdAt: Instant;
  updatedAt: Instant;
  endedAt: Instant | null;
  dismissedBy: Account | null;
}

export interface Star {
  user: Account;
  at: Instant;
}

/** What was looked at and copied on one day, as GitHub cuts it: in UTC. */
export interface TrafficDay {
  day: string;
  views: number;
  visitors: number;
  clones: number;
  cloners: number;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  /** Full names it once had; asking for one leads to it. */
  formerNames: string[];
  description: string | null;
  visibility: 'public' | 'private' | 'internal';
  isArchived: boolean;
  isTemplate: boolean;
  mirrorUrl: string | null;
  parent: Repository | null;
  defaultBranch: string;
  createdAt: Instant;
  updatedAt: Instant;
  pushedAt: Instant | null;
  commits: Map<string, Commit>;
  branches: Map<string, string>;
  tags: Map<string, string>;
  /** Every sha that the default branch reaches; kept along so that thousands of pull requests open quickly. */
  mainReach: Set<string>;
  lastNumber: number;
  issues: Map<number, Issue>;
  pulls: Map<number, Pull>;
  discussions: Map<number, Discussion>;
  commitComments: CommitComment[];
  labels: Map<string, Label>;
  releases: Release[];
  deployments: Deployment[];
  runs: WorkflowRun[];
  checkSuites: CheckSuite[];
  statuses: CommitStatus[];
  alerts: Alert[];
  alertsOn: boolean;
  stars: Star[];
  forks: Repository[];
  traffic: TrafficDay[];
  languages: Record<string, number>;
  communityFiles: string[];
  collaborators: Map<number, 'read' | 'write' | 'admin'>;
}

export interface World {
  /** Where the API and the pages are, without a slash at the end; set when the front listens. */
  api: string;
  web: string;
  now(): Date;
  nextId(): number;
  accounts: Map<number, Account>;
  repositories: Map<number, Repository>;
  /** Told of everything that happens, after it did. */
  listeners: ((happening: Happening) => void)[];
  /** When any of them was last changed; answers that took long to build are kept as long as this stands. */
  version: number;
}

/** Something a webhook tells of. The payload is made at once, so that it says how things stood at that moment. */
export interface Happening {
  event: string;
  action: string | null;
  repository: Repository | null;
  organization: Account | null;
  sender: Account;
  at: Instant;
  details: Record<string, unknown>;
}
