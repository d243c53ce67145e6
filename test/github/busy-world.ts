import type { GithubCounterpart } from './open-github.ts';

/** The names that tests know it by. */
export const busy = { repository: 'harbor/quay', admin: 'mira', other: 'jonas', stranger: 'zoe' } as const;

/** An organization in which everything that can happen has happened, most of it within the last days. */
export function makeBusyWorld(github: GithubCounterpart): void {
  const { act } = github;
  const day = 86_400_000;
  const start = github.clock.now().getTime() - 9 * day;
  let hours = 0;
  const at = () => new Date(start + (hours += 1) * 3_600_000);
  for (const login of [busy.admin, busy.other, busy.stranger]) act.addAccount({ login, name: login });
  const members = [{ account: busy.admin, role: 'admin' as const }, { account: busy.other }];
  act.addAccount({ login: 'harbor', type: 'Organization', members });
  const { repository, admin: by, other } = busy;
  act.addRepository({ name: `${other}/notes` });
  act.createRepository({
    name: repository,
    by,
    at: new Date(start),
    visibility: 'private',
    communityFiles: ['readme', 'license', 'contributing'],
  });
  const about = { repository, by };
  act.push({
    ...about,
    at: at(),
    commits: [{ message: 'Begin' }, { message: 'Go on\n\nCo-authored-by: jonas <jonas@example.org>' }],
  });
  const team = act.createTeam({ organization: 'harbor', by, name: 'Pilots', members: [other] });
  act.setTeamMember({ organization: 'harbor', by, team, member: by });
  act.setTeamMember({ organization: 'harbor', by, team, member: by, isOff: true });
  act.setMember({ organization: 'harbor', by, member: busy.stranger });
  act.setMember({ organization: 'harbor', by, member: busy.stranger, isOff: true });
  act.setCollaborator({ ...about, at: at(), member: busy.stranger });
  workOnPulls(github, at, team);
  act.setCollaborator({ ...about, at: at(), member: busy.stranger, isOff: true });
  talk(github, at);
  deliver(github, at);
  act.renameRepository({ ...about, at: at(), name: 'pier' });
  act.renameRepository({ repository: 'harbor/pier', by, at: at(), name: 'quay' });
  act.transferRepository({ ...about, at: at(), owner: by });
  act.transferRepository({ repository: `${by}/quay`, by, at: at(), owner: 'harbor' });
  act.setDefaultBranch({ ...about, at: at(), branch: 'again' });
  act.setDefaultBranch({ ...about, at: at(), branch: 'main' });
  act.star({ ...about, at: at() });
  act.star({ ...about, at: at(), isOff: true });
  act.star({ repository, by: other, at: at() });
  const copy = act.fork({ ...about, by: other, at: at() });
  act.push({ repository: copy, by: other, at: at(), commits: [{ message: 'Elsewhere' }] });
  act.deleteRepository({ repository: copy, by: other, at: at() });
  act.fork({ ...about, by: other, at: at() });
  act.archiveRepository({ ...about, at: at() });
  act.archiveRepository({ ...about, at: at(), isOff: true });
  act.setVisibility({ ...about, at: at(), visibility: 'public' });
  act.setVisibility({ ...about, at: at(), visibility: 'private' });
  act.addTraffic({
    repository,
    day: new Date(start + 8 * day).toISOString().slice(0, 10),
    views: 9,
    visitors: 4,
    clones: 2,
    cloners: 1,
  });
}

type Next = () => Date;

function workOnPulls(
  github: GithubCounterpart,
  at: Next,
  team: Parameters<GithubCounterpart['act']['setTeamMember']>[0]['team'],
): void {
  const { act } = github;
  const about = { repository: busy.repository, by: busy.other };
  for (const [index, method] of (['merge', 'squash', 'rebase'] as const).entries()) {
    const head = `change/${method}`;
    act.push({ ...about, branch: head, at: at(), commits: [{ message: 'One' }, { message: 'Two' }] });
    const { number } = act.openPull({ ...about, head, at: at(), isDraft: index === 0, title: `By ${method}` });
    const pull = { ...about, number };
    if (index === 0) {
      act.markReady({ ...pull, at: at() });
      act.convertToDraft({ ...pull, at: at() });
      act.markReady({ ...pull, at: at() });
      act.requestReview({ ...pull, at: at(), team });
      act.removeReviewRequest({ ...pull, at: at(), team });
      act.closePull({ ...pull, at: at() });
      act.reopenPull({ ...pull, at: at() });
    }
    act.requestReview({ ...pull, at: at(), reviewer: busy.admin });
    act.removeReviewRequest({ ...pull, at: at(), reviewer: busy.admin });
    act.requestReview({ ...pull, at: at(), reviewer: busy.admin });
    const reviewed = { ...pull, by: busy.admin };
    const first = act.review({
      ...reviewed,
      at: at(),
      state: 'CHANGES_REQUESTED',
      comments: [{ path: 'src/a.ts', body: 'Why?' }],
    });
    const [comment] = github.repository(busy.repository).pulls.get(number)?.reviewComments ?? [];
    if (comment !== undefined) act.resolveThread({ ...reviewed, at: at(), comment: comment.id });
    act.push({ ...about, branch: head, at: at(), commits: [{ message: 'Three' }] });
    act.dismissReview({ ...reviewed, at: at(), review: first.id });
    act.review({ ...reviewed, at: at(), state: 'APPROVED' });
    act.label({ ...pull, at: at(), label: 'ready' });
    act.assign({ ...pull, at: at(), user: busy.other });
    act.assign({ ...pull, at: at(), user: busy.other, isOff: true });
    act.label({ ...pull, at: at(), label: 'ready', isOff: true });
    act.comment({ ...pull, at: at(), body: 'Thank you.' });
    act.enableAutoMerge({ ...pull, at: at() });
    act.disableAutoMerge({ ...pull, at: at(), reason: 'Base branch was modified' });
    act.merge({ ...reviewed, at: at(), method });
    act.deleteBranch({ repository: busy.repository, name: head, by: busy.other, at: at() });
  }
  act.push({ ...about, branch: 'queued', at: at(), commits: [{ message: 'One' }] });
  const queued = act.openPull({ ...about, head: 'queued', at: at() });
  act.enqueue({ ...about, number: queued.number, at: at() });
  act.mergeByQueue({ repository: busy.repository, number: queued.number, at: at() });
  const main = github.repository(busy.repository).branches.get('main') ?? '';
  act.push({ ...about, branch: 'again', at: at(), commits: [{ message: 'One' }] });
  const open = act.openPull({ ...about, head: 'again', at: at(), labels: ['wip'] });
  act.forcePush({ ...about, branch: 'again', onto: main, at: at(), commits: [{ message: 'One, better' }] });
  act.requestReview({ ...about, number: open.number, at: at(), reviewer: busy.admin });
  act.requestReview({ ...about, number: open.number, at: at(), team });
  act.push({ ...about, branch: 'stacked', at: at(), commits: [{ message: 'On top' }] });
  const stacked = act.openPull({ ...about, head: 'stacked', at: at(), base: 'again' });
  act.retarget({ ...about, number: stacked.number, at: at(), base: 'main' });
  act.rename({ ...about, number: stacked.number, at: at(), title: 'Called otherwise' });
}

function talk({ act }: GithubCounterpart, at: Next): void {
  const about = { repository: busy.repository, by: busy.admin };
  const issue = act.openIssue({ ...about, at: at(), labels: ['bug'] });
  const thread = { ...about, number: issue.number };
  act.label({ ...thread, at: at(), label: 'late' });
  act.label({ ...thread, at: at(), label: 'late', isOff: true });
  act.assign({ ...thread, at: at(), user: busy.other });
  act.assign({ ...thread, at: at(), user: busy.other, isOff: true });
  act.comment({ ...thread, at: at(), body: 'It is so.' });
  act.rename({ ...thread, at: at(), title: 'Said better' });
  const wrong = act.comment({ ...thread, at: at(), body: 'No.' });
  act.editComment({ ...about, comment: wrong.id, at: at(), body: 'Perhaps.' });
  act.deleteComment({ ...about, comment: wrong.id, at: at() });
  act.deleteIssue({ ...about, number: act.openIssue({ ...about, at: at() }).number, at: at() });
  act.commentCommit({ ...about, at: at() });
  act.closeIssue({ ...thread, at: at() });
  act.reopenIssue({ ...thread, at: at() });
  const discussion = act.openDiscussion({ ...about, at: at() });
  const asked = { ...about, number: discussion.number };
  const answer = act.commentDiscussion({ ...asked, by: busy.other, at: at() });
  act.commentDiscussion({ ...asked, at: at(), replyTo: answer.id });
  act.answerDiscussion({ ...asked, at: at(), comment: answer.id });
}

function deliver({ act }: GithubCounterpart, at: Next): void {
  const about = { repository: busy.repository, by: busy.admin };
  act.tag({ ...about, name: 'v1', at: at() });
  act.release({ ...about, tag: 'v1', at: at() });
  const early = act.release({ ...about, tag: 'v0', isPrerelease: true, at: at() });
  act.deleteRelease({ ...about, release: early.id, at: at() });
  const deployment = act.deploy({ ...about, at: at() });
  for (const state of ['in_progress', 'success'] as const) {
    act.reportDeployment({ ...about, deployment: deployment.id, state, at: at() });
  }
  const run = act.runWorkflow({ ...about, status: 'queued', at: at() });
  act.runWorkflow({ ...about, run: run.id, status: 'in_progress', at: at() });
  act.runWorkflow({ ...about, run: run.id, conclusion: 'failure', at: at() });
  act.runWorkflow({ ...about, run: run.id, again: true, at: at() });
  act.reportStatus({ ...about, state: 'success', at: at() });
  const alert = act.raiseAlert({ ...about, at: at() });
  act.raiseAlert({ ...about, number: alert.number, state: 'dismissed', at: at() });
  act.raiseAlert({ ...about, number: alert.number, at: at() });
  act.raiseAlert({ ...about, number: alert.number, state: 'fixed', at: at() });
}
