import { nodeId } from '../shapes/account-shapes.ts';
import { pageOf } from '../shapes/repository-shapes.ts';
import type { Discussion, Issue, Label, Repository, World } from '../world/model.ts';
import { connection, type PageArguments } from './connection.ts';
import { actorNode, commentNode } from './nodes.ts';
import { eventNodes } from './timeline-nodes.ts';

export function labelsField(labels: readonly Label[]) {
  return (page: PageArguments) =>
    connection('labels', labels, page, ({ id, name }) => ({ id: nodeId('LA', id), name, color: 'ededed' }));
}

export function issueNode(world: World, repository: Repository, issue: Issue): object {
  const url = `${pageOf(world, repository)}/issues/${issue.number}`;
  return {
    __typename: 'Issue',
    id: nodeId('I', issue.id),
    databaseId: issue.id,
    fullDatabaseId: String(issue.id),
    number: issue.number,
    title: issue.title,
    body: issue.body ?? '',
    url,
    author: actorNode(world, issue.author),
    state: issue.state.toUpperCase(),
    stateReason: issue.stateReason?.toUpperCase() ?? null,
    closed: issue.state === 'closed',
    createdAt: issue.createdAt,
    updatedAt: issue.updatedAt,
    closedAt: issue.closedAt,
    labels: labelsField(issue.labels),
    assignees: (page: PageArguments) => connection('assignees', issue.assignees, page, (one) => actorNode(world, one)),
    comments: (page: PageArguments) =>
      connection('comments', issue.comments, page, (one) =>
        commentNode(world, one, `${url}#issuecomment-${one.id}`, 'IssueComment'),
      ),
    timelineItems: ({
      itemTypes,
      since: _since,
      ...page
    }: PageArguments & { itemTypes?: string[] | null; since?: string }) => {
      const found = eventNodes(world, repository, issue).filter(
        ({ type }) => itemTypes == null || itemTypes.includes(type),
      );
      return connection('timelineItems', found, page, ({ node }) => node);
    },
  };
}

export function discussionNode(world: World, repository: Repository, discussion: Discussion): object {
  const url = `${pageOf(world, repository)}/discussions/${discussion.number}`;
  const node = (one: Discussion['comments'][number]): object => ({
    ...commentNode(world, one, `${url}#discussioncomment-${one.id}`, 'DiscussionComment'),
    isAnswer: discussion.answer?.comment === one.id,
    replies: (page: PageArguments) => {
      const replies = discussion.comments.filter(({ replyTo }) => replyTo === one.id);
      return connection('replies', replies, page, node);
    },
  });
  const answer = discussion.comments.find(({ id }) => id === discussion.answer?.comment);
  return {
    __typename: 'Discussion',
    id: nodeId('D', discussion.id),
    databaseId: discussion.id,
    number: discussion.number,
    title: discussion.title,
    body: discussion.body,
    url,
    author: actorNode(world, discussion.author),
    category: {
      id: nodeId('DIC', discussion.category.id),
      name: discussion.category.name,
      slug: discussion.category.slug,
      isAnswerable: discussion.category.isAnswerable,
    },
    createdAt: discussion.createdAt,
    updatedAt: discussion.updatedAt,
    closed: discussion.closedAt !== null,
    closedAt: discussion.closedAt,
    isAnswered: discussion.answer !== null,
    answer: answer === undefined ? null : node(answer),
    answerChosenAt: discussion.answer?.at ?? null,
    answerChosenBy: actorNode(world, discussion.answer?.by),
    comments: (page: PageArguments) => {
      const top = discussion.comments.filter(({ replyTo }) => replyTo === null);
      return connection('comments', top, page, node);
    },
  };
}
