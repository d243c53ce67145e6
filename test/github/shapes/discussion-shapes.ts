import type { Discussion, Repository, World } from '../world/model.ts';
import { nodeId, userOrNull, userShape } from './account-shapes.ts';
import { pageOf, repositoryUrl } from './repository-shapes.ts';
import { associationOf, reactionsShape } from './thread-shapes.ts';

export function discussionShape(world: World, repository: Repository, discussion: Discussion) {
  const page = `${pageOf(world, repository)}/discussions/${discussion.number}`;
  const { answer, category } = discussion;
  return {
    repository_url: repositoryUrl(world, repository),
    category: {
      id: category.id,
      node_id: nodeId('DIC', category.id),
      repository_id: repository.id,
      emoji: ':pray:',
      name: category.name,
      description: '',
      created_at: repository.createdAt,
      updated_at: repository.createdAt,
      slug: category.slug,
      is_answerable: category.isAnswerable,
    },
    answer_html_url: answer === null ? null : `${page}#discussioncomment-${answer.comment}`,
    answer_chosen_at: answer?.at ?? null,
    answer_chosen_by: userOrNull(world, answer?.by),
    html_url: page,
    id: discussion.id,
    node_id: nodeId('D', discussion.id),
    number: discussion.number,
    title: discussion.title,
    user: userShape(world, discussion.author),
    state: 'open',
    locked: false,
    comments: discussion.comments.length,
    created_at: discussion.createdAt,
    updated_at: discussion.updatedAt,
    author_association: associationOf(repository, discussion.author),
    active_lock_reason: null,
    body: discussion.body,
    reactions: reactionsShape(page),
  };
}

export function discussionCommentShape(
  world: World,
  repository: Repository,
  discussion: Discussion,
  comment: Discussion['comments'][number],
) {
  const page = `${pageOf(world, repository)}/discussions/${discussion.number}#discussioncomment-${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeId('DC', comment.id),
    html_url: page,
    parent_id: comment.replyTo,
    child_comment_count: discussion.comments.filter(({ replyTo }) => replyTo === comment.id).length,
    repository_url: `${repository.owner.login}/${repository.name}`,
    discussion_id: discussion.id,
    author_association: associationOf(repository, comment.author),
    user: userShape(world, comment.author),
    created_at: comment.createdAt,
    updated_at: comment.updatedAt,
    body: comment.body,
    reactions: reactionsShape(page),
  };
}
