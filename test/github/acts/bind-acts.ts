import type { World } from '../world/model.ts';
import { addAccount } from '../world/open-world.ts';
import * as delivery from './delivery.ts';
import * as endings from './end-pull.ts';
import * as organizations from './organizations.ts';
import * as pulls from './pulls.ts';
import * as pushes from './push.ts';
import * as repositories from './repositories.ts';
import * as threads from './threads.ts';

const acts = {
  addAccount,
  addRepository: repositories.addRepository,
  createRepository: repositories.createRepository,
  renameRepository: repositories.rename,
  transferRepository: repositories.transfer,
  deleteRepository: repositories.deleteRepository,
  archiveRepository: repositories.archive,
  setVisibility: repositories.setVisibility,
  setDefaultBranch: repositories.setDefaultBranch,
  setCollaborator: repositories.setCollaborator,
  renameAccount: repositories.renameAccount,
  addTraffic: repositories.addTraffic,
  star: repositories.star,
  fork: repositories.fork,
  push: pushes.push,
  forcePush: pushes.forcePush,
  deleteBranch: pushes.deleteBranch,
  tag: pushes.tag,
  openPull: pulls.openPull,
  markReady: pulls.markReady,
  convertToDraft: pulls.convertToDraft,
  requestReview: pulls.requestReview,
  removeReviewRequest: pulls.removeReviewRequest,
  review: pulls.review,
  dismissReview: pulls.dismissReview,
  resolveThread: pulls.resolveThread,
  comment: pulls.comment,
  merge: endings.merge,
  closePull: endings.closePull,
  reopenPull: endings.reopenPull,
  enableAutoMerge: endings.enableAutoMerge,
  disableAutoMerge: endings.disableAutoMerge,
  enqueue: endings.enqueue,
  dequeue: endings.dequeue,
  mergeByQueue: endings.mergeByQueue,
  retarget: endings.retarget,
  commentCommit: threads.commentCommit,
  openIssue: threads.openIssue,
  deleteIssue: threads.deleteIssue,
  rename: threads.rename,
  editComment: threads.editComment,
  deleteComment: threads.deleteComment,
  closeIssue: threads.closeIssue,
  reopenIssue: threads.reopenIssue,
  label: threads.label,
  assign: threads.assign,
  openDiscussion: threads.openDiscussion,
  commentDiscussion: threads.commentDiscussion,
  answerDiscussion: threads.answerDiscussion,
  release: delivery.release,
  deleteRelease: delivery.deleteRelease,
  deploy: delivery.deploy,
  reportDeployment: delivery.reportDeployment,
  runWorkflow: delivery.runWorkflow,
  reportStatus: delivery.reportStatus,
  raiseAlert: delivery.raiseAlert,
  setMember: organizations.setMember,
  createTeam: organizations.createTeam,
  setTeamMember: organizations.setTeamMember,
};

/** Everything somebody can do at the made-up GitHub, each with an instant of its own; hooks are told of it. */
export type Acts = {
  [Name in keyof typeof acts]: (input: Parameters<(typeof acts)[Name]>[1]) => ReturnType<(typeof acts)[Name]>;
};

export function bindActs(world: World): Acts {
  const bound = Object.entries(acts).map(([name, act]) => [
    name,
    (input: never) => (act as (world: World, input: never) => unknown)(world, input),
  ]);
  return Object.fromEntries(bound) as Acts;
}
