import type { CommitComment, Discussion, Issue, Pull, Repository, World } from '../world/model.ts';
import {
  accountOf,
  instantOf,
  repositoryOf,
  tell,
  type AccountLike,
  type RepositoryLike,
} from '../world/open-world.ts';
import { note } from './pull-heads.ts';
import { labelOf } from './pulls.ts';

interface Act {
  repository: RepositoryLike;
  by: AccountLike;
  at?: Date | string;
}

function readAct(world: World, input: Act) {
  const at = instantOf(world, input.at);
  return { repository: repositoryOf(world, input.repository), by: accountOf(world, input.by), at };
}

export function openIssue(
  world: World,
  input: Act & { title?: string; body?: string | null; labels?: string[] },
): Issue {
  const { repository, by, at } = readAct(world, input);
  const number = (repository.lastNumber += 1);
  const issue: Issue = {
    what: 'issue',
    id: world.nextId(),
    number,
    title: input.title ?? `Issue ${number}`,
    body: input.body ?? null,
    author: by,
    state: 'open',
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    closedBy: null,
    labels: (input.labels ?? []).map((name) => labelOf(world, repository, name)),
    assignees: [],
    comments: [],
    events: [],
    stateReason: null,
  };
  repository.issues.set(number, issue);
  tellIssue(world, input, issue, 'opened');
  return issue;
}

function tellIssue(world: World, input: Act, issue: Issue, action: string): void {
  const { repository, by: sender, at } = readAct(world, input);
  tell(world, { event: 'issues', action, repository, organization: null, sender, at, details: { issue } });
}

type ThreadAct = Act & { number: number };

function readIssue(world: World, input: ThreadAct) {
  const act = readAct(world, input);
  const issue = act.repository.issues.get(input.number);
  if (issue === undefined) throw new Error(`there is no issue ${input.number}`);
  return { ...act, issue };
}

export function closeIssue(
  world: World,
  input: ThreadAct & { reason?: 'completed' | 'not_planned' | 'duplicate' },
): Issue {
  const { issue, by, at } = readIssue(world, input);
  issue.state = 'closed';
  issue.stateReason = input.reason ?? 'completed';
  issue.closedAt = at;
  issue.closedBy = by;
  note(world, issue, { event: 'closed', actor: by, at });
  tellIssue(world, input, issue, 'closed');
  return issue;
}

export function reopenIssue(world: World, input: ThreadAct): Issue {
  const { issue, by, at } = readIssue(world, input);
  issue.state = 'open';
  issue.stateReason = 'reopened';
  issue.closedAt = null;
  issue.closedBy = null;
  note(world, issue, { event: 'reopened', actor: by, at });
  tellIssue(world, input, issue, 'reopened');
  return issue;
}

export function deleteIssue(world: World, input: ThreadAct): void {
  const { repository, issue } = readIssue(world, input);
  repository.issues.delete(issue.number);
  tellIssue(world, input, issue, 'deleted');
}

/** Calls an issue or a pull request otherwise. */
export function rename(world: World, input: ThreadAct & { title: string }): void {
  const { repository, by, at } = readAct(world, input);
  const thread = threadOf(repository, input.number);
  const from = thread.title;
  thread.title = input.title;
  note(world, thread, { event: 'renamed', actor: by, at, rename: { from, to: input.title } });
  tellThread(world, { ...input, action: 'edited' }, thread, { changes: { title: { from } } });
}

function threadOf(repository: Repository, number: number): Issue | Pull {
  const thread = repository.issues.get(number) ?? repository.pulls.get(number);
  if (thread === undefined) throw new Error(`there is no thread ${number}`);
  return thread;
}

function tellThread(world: World, input: Act & { action: string }, thread: Issue | Pull, more: object): void {
  const { repository, by: sender, at } = readAct(world, input);
  const details = thread.what === 'pull' ? { pull: thread, ...more } : { issue: thread, ...more };
  const event = thread.what === 'pull' ? 'pull_request' : 'issues';
  tell(world, { event, action: input.action, repository, organization: null, sender, at, details });
}

type CommentAct = Act & { comment: number };

function readComment(world: World, input: CommentAct) {
  const { repository } = readAct(world, input);
  for (const thread of [...repository.issues.values(), ...repository.pulls.values()]) {
    const comment = thread.comments.find(({ id }) => id === input.comment);
    if (comment !== undefined) return { thread, comment };
  }
  throw new Error(`there is no comment ${input.comment}`);
}

function tellComment(world: World, input: CommentAct, action: string, details: Record<string, unknown>): void {
  const { repository, by: sender, at } = readAct(world, input);
  tell(world, { event: 'issue_comment', action, repository, organization: null, sender, at, details });
}

export function editComment(world: World, input: CommentAct & { body: string }): void {
  const { thread, comment } = readComment(world, input);
  const from = comment.body;
  comment.body = input.body;
  comment.updatedAt = instantOf(world, input.at);
  tellComment(world, input, 'edited', { thread, comment, changes: { body: { from } } });
}

export function deleteComment(world: World, input: CommentAct): void {
  const { thread, comment } = readComment(world, input);
  thread.comments = thread.comments.filter((one) => one !== comment);
  tellComment(world, input, 'deleted', { thread, comment });
}

/** Says something beside a commit; the newest of the default branch, where none is named. */
export function commentCommit(world: World, input: Act & { sha?: string; body?: string }): CommitComment {
  const { repository, by, at } = readAct(world, input);
  const commit = input.sha ?? repository.branches.get(repository.defaultBranch) ?? '';
  const made = { id: world.nextId(), author: by, body: input.body ?? 'Nice.', createdAt: at, updatedAt: at, commit };
  repository.commitComments.push(made);
  const happening = { event: 'commit_comment', action: 'created', repository, organization: null, sender: by, at };
  tell(world, { ...happening, details: { comment: made } });
  return made;
}

/** Puts a label on an issue or a pull request, or takes it off. */
export function label(world: World, input: ThreadAct & { label: string; isOff?: boolean }): void {
  const { repository, by, at } = readAct(world, input);
  const one = labelOf(world, repository, input.label);
  const thread = threadOf(repository, input.number);
  const event = input.isOff === true ? 'unlabeled' : 'labeled';
  thread.labels = thread.labels.filter((other) => other !== one);
  if (event === 'labeled') thread.labels.push(one);
  note(world, thread, { event, actor: by, at, label: one });
  tellThread(world, { ...input, action: event }, thread, { label: one });
}

/** Makes somebody responsible for an issue or a pull request, or no longer. */
export function assign(world: World, input: ThreadAct & { user: AccountLike; isOff?: boolean }): void {
  const { repository, by, at } = readAct(world, input);
  const user = accountOf(world, input.user);
  const thread = threadOf(repository, input.number);
  const event = input.isOff === true ? 'unassigned' : 'assigned';
  thread.assignees = thread.assignees.filter((other) => other !== user);
  if (event === 'assigned') thread.assignees.push(user);
  note(world, thread, { event, actor: by, at, user });
  tellThread(world, { ...input, action: event }, thread, { assignee: user });
}

export function openDiscussion(
  world: World,
  input: Act & { title?: string; body?: string; category?: string },
): Discussion {
  const { repository, by, at } = readAct(world, input);
  const number = (repository.lastNumber += 1);
  const name = input.category ?? 'Q&A';
  const discussion: Discussion = {
    what: 'discussion',
    id: world.nextId(),
    number,
    title: input.title ?? `Discussion ${number}`,
    body: input.body ?? 'How does this work?',
    author: by,
    category: { id: 1, name, slug: name.toLowerCase().replaceAll(/[^a-z]+/g, '-'), isAnswerable: name === 'Q&A' },
    createdAt: at,
    updatedAt: at,
    closedAt: null,
    answer: null,
    comments: [],
  };
  repository.discussions.set(number, discussion);
  tellDiscussion(world, input, 'created', { discussion });
  return discussion;
}

type News = { discussion: Discussion; comment?: object; answer?: object | undefined };

function tellDiscussion(world: World, input: Act, action: string, details: News): void {
  const { repository, by: sender, at } = readAct(world, input);
  const event = 'comment' in details ? 'discussion_comment' : 'discussion';
  details.discussion.updatedAt = at;
  tell(world, { event, action, repository, organization: null, sender, at, details: { ...details } });
}

export function commentDiscussion(
  world: World,
  input: ThreadAct & { body?: string; replyTo?: number },
): Discussion['comments'][number] {
  const { by, at } = readAct(world, input);
  const discussion = discussionOf(world, input);
  const body = input.body ?? 'Like this.';
  const comment = {
    id: world.nextId(),
    author: by,
    body,
    createdAt: at,
    updatedAt: at,
    replyTo: input.replyTo ?? null,
  };
  discussion.comments.push(comment);
  tellDiscussion(world, input, 'created', { discussion, comment });
  return comment;
}

export function answerDiscussion(world: World, input: ThreadAct & { comment: number }): Discussion {
  const { by, at } = readAct(world, input);
  const discussion = discussionOf(world, input);
  discussion.answer = { comment: input.comment, at, by };
  const answer = discussion.comments.find(({ id }) => id === input.comment);
  tellDiscussion(world, input, 'answered', { discussion, answer });
  return discussion;
}

function discussionOf(world: World, input: ThreadAct): Discussion {
  const discussion = repositoryOf(world, input.repository).discussions.get(input.number);
  if (discussion === undefined) throw new Error(`there is no discussion ${input.number}`);
  return discussion;
}
