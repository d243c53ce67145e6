import { describe, expect, it } from 'vitest';
import { readAnswerExample } from '../../test/github-schemas/published.ts';
import { buildEnvelope } from './envelope.ts';
import { exampleOf, listExampleEvents } from './testing/example-events.ts';
import { factsOf, factsOfEvent, only, parseBody } from './testing/read-facts.ts';

type Json = Record<string, unknown>;

const examples = listExampleEvents();
const by = {
  host: 'github.com',
  repository: { id: 1296269, fullName: 'octocat/Hello-World' },
  at: new Date('2026-02-03T04:06:00Z'),
};
const plainCommit = readAnswerExample('commit') as Json & { commit: Json };

function eventOf(event: string, action: string, changes: Json = {}): Json {
  return { ...exampleOf(examples, event, action)?.body, ...changes };
}

function commitWith(changes: Json, inner: Json = {}): Json {
  return { ...plainCommit, ...changes, commit: { ...plainCommit.commit, ...inner } };
}

function readOne(data: Json) {
  const [fact] = only(factsOfEvent(buildEnvelope('commits', by, [data], {})), 'commit');
  if (fact === undefined) throw new Error('no commit was told');
  return fact;
}

describe('who made a commit', () => {
  const signed = { name: 'Mona', email: 'mona@example.org', date: '2026-01-01T00:00:00Z' };

  it('is the account behind the author, never who pushed or clicked', () => {
    const mona = { login: 'monalisa', id: 2, type: 'User' };
    const flow = { login: 'web-flow', id: 19864447, type: 'User' };
    const fact = readOne(commitWith({ author: mona, committer: flow }, { author: signed }));
    expect(fact.author).toEqual({
      externalId: '2',
      login: 'monalisa',
      sourceKind: 'User',
      email: 'mona@example.org',
      name: 'Mona',
    });
    expect(fact.committer).toMatchObject({ externalId: '19864447', login: 'web-flow' });
    expect(fact.fidelity).toBe(11);
  });

  it.each([
    ['null', null],
    ['an empty object', {}],
  ])('is an address where the account is %s', (_, author) => {
    const fact = readOne(commitWith({ author }, { author: signed }));
    expect(fact.author).toEqual({ email: 'mona@example.org', name: 'Mona' });
    expect(fact.fidelity).toBe(10);
  });

  it.each([
    ['2+monalisa@users.noreply.github.com', { externalId: '2' }],
    // Whoever writes that does not make a machine of the account with that number, nor of its login.
    ['2+evil[bot]@users.noreply.github.com', { login: 'evil[bot]', sourceKind: 'Bot' }],
    ['2+evil-bot@users.noreply.github.com', { externalId: '2' }],
    ['49699333+dependabot[bot]@users.noreply.github.com', { login: 'dependabot[bot]', sourceKind: 'Bot' }],
    ['monalisa@users.noreply.github.com', { login: 'monalisa' }],
    ['2+monalisa@users.noreply.github.example.org', {}],
    ['2+monalisa@users.noreply.github.com.evil.example', {}],
  ])('is told by the hidden address %s', (email, expected) => {
    const { author } = readOne(commitWith({ author: null }, { author: { ...signed, email } }));
    const address = 'externalId' in expected ? {} : { email };
    expect(author).toEqual({ ...expected, ...address, name: 'Mona' });
  });

  it('credits co-authors by address and account, each once and not the author again', () => {
    const message = [
      'Subject',
      '',
      'Co-authored-by: Eve <eve@example.org>',
      'Co-authored-by: Eve <EVE@example.org>',
      'Co-authored-by: Mona <2+monalisa@users.noreply.github.com>',
      'Co-authored-by: Claude <noreply@anthropic.com>',
      'Co-authored-by: Nobody',
    ].join('\n');
    const mona = { login: 'monalisa', id: 2, type: 'User' };
    const { coAuthors } = readOne(commitWith({ author: mona }, { author: signed, message }));
    expect(coAuthors).toEqual([
      { email: 'eve@example.org', name: 'Eve' },
      { email: 'noreply@anthropic.com', name: 'Claude' },
    ]);
  });

  it('has one number on every GitHub of its own', () => {
    const mona = { login: 'monalisa', id: 2, type: 'User' };
    const there = buildEnvelope('commits', { ...by, host: 'github.example.org' }, [commitWith({ author: mona })], {});
    expect(only(factsOfEvent(there), 'commit')[0]?.author.externalId).toBe('github.example.org/2');
    const deleted = buildEnvelope(
      'issue',
      { ...by, host: 'github.example.org' },
      { ...(readAnswerExample('issue') as Json), user: null, pull_request: undefined },
      {},
    );
    expect(only(factsOfEvent(deleted), 'issue')[0]?.author).toEqual({ login: 'ghost', sourceKind: 'User' });
  });
});

describe('when a commit was made', () => {
  it.each([
    ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z', 0],
    ['2099-12-31T23:59:59Z', '2099-12-31T23:59:59.000Z', 0],
    ['2026-01-01T00:00:00+05:30', '2025-12-31T18:30:00.000Z', 330],
    ['2026-01-01T00:00:00-03:30', '2026-01-01T03:30:00.000Z', -210],
    [1700000000, '2023-11-14T22:13:20.000Z', 0],
  ])('is what %s says', (date, authoredAt, authoredOffsetMinutes) => {
    expect(readOne(commitWith({}, { author: { name: 'A', email: 'a@x', date } }))).toMatchObject({
      authoredAt,
      authoredOffsetMinutes,
    });
  });

  it.each([null, '', 'soon', '0000-00-00T00:00:00Z', '20260-01-01T00:00:00Z', '2026-13-01T00:00:00Z', 1e30])(
    'is its other date where %j is none',
    (date) => {
      const broken = { name: 'A', email: 'a@x', date };
      const other = { name: 'B', email: 'b@x', date: '2026-01-01T00:00:00Z' };
      const expected = { authoredAt: '2026-01-01T00:00:00.000Z', committedAt: '2026-01-01T00:00:00.000Z' };
      expect(readOne(commitWith({}, { author: broken, committer: other }))).toMatchObject(expected);
      expect(readOne(commitWith({}, { author: other, committer: broken }))).toMatchObject(expected);
      const none = buildEnvelope('commits', by, [commitWith({}, { author: broken, committer: broken })], {});
      expect(parseBody('api.commits', JSON.parse(Buffer.from(none.body).toString()))).toEqual({
        malformed: '6dcb09b5b57875f334f61aebed695e2e4193db5e has no date that can be read',
      });
    },
  );

  it('keeps the offsets that were asked for beside the files', () => {
    const times = { authored: '2026-01-01T00:00:00+02:00', committed: '2026-01-01T01:00:00+02:00' };
    const event = buildEnvelope('commit', by, plainCommit, { isWhole: true, times });
    expect(factsOfEvent(event)).toMatchObject([
      { authoredAt: '2025-12-31T22:00:00.000Z', authoredOffsetMinutes: 120, committedOffsetMinutes: 120 },
    ]);
  });
});

describe('the files of a commit', () => {
  const patch = '@@ -1 +1 @@\n-secret code\n+more of it';
  const file = {
    sha: 'f'.repeat(40),
    filename: 'a',
    status: 'modified',
    additions: 1,
    deletions: 1,
    changes: 2,
    patch,
  };
  const nothing = { ...file, additions: 0, deletions: 0, changes: 0, patch: undefined };

  function filesOf(files: Json[], changes: Json = {}, isWhole = true) {
    const data = { ...plainCommit, ...changes, files };
    return only(factsOfEvent(buildEnvelope('commit', by, data, { isWhole })), 'commit')[0]?.files;
  }

  it('are lines, renames, binaries and submodules', () => {
    const moved = `@@ -1 +1 @@\n-Subproject commit ${'a'.repeat(40)}\n+Subproject commit ${'b'.repeat(40)}`;
    const files = filesOf([
      file,
      { ...nothing, filename: 'new', previous_filename: 'old', status: 'renamed' },
      { ...nothing, filename: 'picture.png' },
      { ...nothing, filename: 'empty', status: 'added', sha: 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391' },
      { ...file, filename: 'vendor', patch: moved },
    ]);
    expect(
      files?.map(({ path, previousPath, isBinary, isSubmodule }) => [path, previousPath, isBinary, isSubmodule]),
    ).toEqual([
      ['a', null, false, false],
      ['new', 'old', false, false],
      ['picture.png', null, true, false],
      ['empty', null, false, false],
      ['vendor', null, false, true],
    ]);
  });

  it('are none of a merge, and unknown where they were too many', () => {
    const parents = [{ sha: 'a'.repeat(40) }, { sha: 'b'.repeat(40) }];
    expect(filesOf([file], { parents })).toEqual([]);
    expect(filesOf([file], {}, false)).toBeNull();
  });

  it('are stored without the code in them', () => {
    const stored = Buffer.from(
      buildEnvelope('commit', by, { ...plainCommit, files: [file] }, { isWhole: true }).body,
    ).toString();
    expect(stored).not.toContain('secret code');
    const head = { number: 1, head: 'a'.repeat(40), isWhole: true };
    expect(Buffer.from(buildEnvelope('pull-files', by, [file], head).body).toString()).not.toContain('secret code');
    const comments = (readAnswerExample('pull-request-review-comment-items') as Json[]).map((comment) => ({
      ...comment,
      diff_hunk: patch,
    }));
    const commented = buildEnvelope('review-comments', by, comments, {});
    expect(Buffer.from(commented.body).toString()).not.toContain('secret code');
    expect(factsOfEvent(commented)).toHaveLength(comments.length);
  });
});

describe('a push', () => {
  const pushed = eventOf('push', '');

  it('is told with where its ref stands since, and without its commits', () => {
    const event = {
      ...pushed,
      ref: 'refs/heads/feature/x',
      before: 'a'.repeat(40),
      after: 'b'.repeat(40),
      forced: true,
      deleted: false,
      commits: Array.from({ length: 2048 }, () => ({ id: 'c'.repeat(40) })),
      pusher: { name: 'monalisa' },
      sender: { login: 'monalisa', id: 2, type: 'User' },
      repository: {
        ...(pushed['repository'] as Json),
        id: 5,
        pushed_at: 1700000000,
        updated_at: '2020-01-01T00:00:00Z',
        created_at: 1500000000,
      },
    };
    expect(factsOf('hook.push', event)).toEqual([
      {
        fact: 'push',
        repository: 'github.com/5',
        ref: 'refs/heads/feature/x',
        before: 'a'.repeat(40),
        after: 'b'.repeat(40),
        isForced: true,
        pusher: { externalId: '2', login: 'monalisa', sourceKind: 'User' },
        at: '2023-11-14T22:13:20.000Z',
        commits: 2048,
      },
      {
        fact: 'ref',
        repository: 'github.com/5',
        kind: 'branch',
        name: 'feature/x',
        sha: 'b'.repeat(40),
        observedAt: '2023-11-14T22:13:20.000Z',
      },
    ]);
  });

  it.each([
    ['refs/tags/v1', 'b'.repeat(40), { kind: 'tag', name: 'v1', sha: 'b'.repeat(40) }],
    ['refs/heads/gone', '0'.repeat(40), { kind: 'branch', name: 'gone', sha: null }],
  ])('tells of %s', (ref, after, expected) => {
    const facts = factsOf('hook.push', { ...pushed, ref, after, deleted: undefined });
    expect(only(facts, 'ref')).toMatchObject([expected]);
  });

  it('tells of no ref that is neither branch nor tag', () => {
    expect(only(factsOf('hook.push', { ...pushed, ref: 'refs/notes/commits' }), 'ref')).toEqual([]);
  });

  it('by a deploy key is not the owner’s', () => {
    const event = { ...pushed, pusher: { name: 'deploy', email: '' }, sender: { login: 'owner', id: 1, type: 'User' } };
    expect(only(factsOf('hook.push', event), 'push')[0]?.pusher).toEqual({ name: 'deploy' });
  });

  it('needs no more than it tells', () => {
    const { ref, before, after, repository, sender } = pushed;
    expect(only(factsOf('hook.push', { ref, before, after, repository, sender }), 'push')).toMatchObject([
      { isForced: false, commits: 0 },
    ]);
    expect(parseBody('hook.push', { ref, before, repository, sender })).toMatchObject({
      malformed: expect.stringContaining('after') as unknown,
    });
  });
});

describe('threads', () => {
  it('are not issues where they are pull requests', () => {
    const event = eventOf('issue_comment', 'created');
    const issue = { ...(event['issue'] as Json), pull_request: { url: 'https://api.github.com/repos/o/r/pulls/1' } };
    expect(factsOf('hook.issue_comment', { ...event, issue }).map(({ fact }) => fact)).toEqual(['comment']);
    const listed = {
      ...(readAnswerExample('issue') as Json),
      pull_request: { url: 'https://api.github.com/repos/o/r/pulls/1' },
    };
    expect(factsOfEvent(buildEnvelope('issue', by, listed, {}))).toEqual([]);
  });

  it('know the team that was asked to review', () => {
    const event = eventOf('pull_request', 'review_requested', {
      requested_reviewer: undefined,
      requested_team: { id: 12, name: 'core' },
    });
    expect(only(factsOf('hook.pull_request', event), 'moment')).toMatchObject([
      { kind: 'review_requested', subject: 'team:12' },
    ]);
  });

  it('have no moment whose subject was left out', () => {
    const event = eventOf('pull_request', 'review_requested', {
      requested_reviewer: undefined,
      requested_team: undefined,
    });
    expect(factsOf('hook.pull_request', event).map(({ fact }) => fact)).toEqual(['pull-request', 'pull-detail']);
  });

  it('have only reviews that were submitted, and dismissed ones twice', () => {
    const [review] = readAnswerExample('pull-request-review-items') as Json[];
    const states = ['PENDING', 'APPROVED', 'DISMISSED', 'COMMENTED', 'CHANGES_REQUESTED'];
    const listed = states.map((state, index) => ({ ...review, id: index, state }));
    const facts = factsOfEvent(buildEnvelope('reviews', by, listed, { number: 3 }));
    expect(facts.map((fact) => ('said' in fact ? fact.said : fact.fact))).toEqual([
      'approved',
      'unknown',
      'gone',
      'commented',
      'changes_requested',
    ]);
  });

  it('have a timeline up to the time of the look', () => {
    const actor = { login: 'monalisa', id: 2, type: 'User' };
    const timeline = [
      { event: 'committed', sha: 'a'.repeat(40) },
      { event: 'labeled', created_at: '2026-01-02T00:00:00Z', actor, label: { name: 'bug' } },
      { event: 'assigned', created_at: '2026-01-01T00:00:00Z', actor: null, assignee: actor },
      { event: 'convert_to_draft', created_at: '2026-01-03T00:00:00Z', actor },
      { event: 'ready_for_review', created_at: '2026-01-05T00:00:00Z', actor },
      { event: 'head_ref_force_pushed', created_at: '2026-01-03T00:00:00Z', actor },
    ];
    const event = buildEnvelope('timeline', by, timeline, { number: 3, asOf: '2026-01-04T00:00:00Z' });
    expect(only(factsOfEvent(event), 'timeline')[0]?.moments).toEqual([
      { kind: 'assigned', at: '2026-01-01T00:00:00.000Z', actor: null, subject: 'user:2' },
      {
        kind: 'labeled',
        at: '2026-01-02T00:00:00.000Z',
        actor: { externalId: '2', login: 'monalisa', sourceKind: 'User' },
        subject: 'bug',
      },
      {
        kind: 'draft',
        at: '2026-01-03T00:00:00.000Z',
        actor: { externalId: '2', login: 'monalisa', sourceKind: 'User' },
        subject: '',
      },
    ]);
  });
});

describe('a repository', () => {
  it('is told by what happens to it, with who may see it', () => {
    const event = eventOf('repository', 'privatized');
    const repository = {
      ...(event['repository'] as Json),
      id: 5,
      visibility: undefined,
      private: true,
      archived: true,
      mirror_url: 'https://x.example/r.git',
      pushed_at: '2020-01-01T00:00:00Z',
      updated_at: '2021-01-01T00:00:00Z',
    };
    expect(factsOf('hook.repository', { ...event, repository })).toMatchObject([
      { fact: 'repository', key: 'github.com/5', state: 'archived', observedAt: '2021-01-01T00:00:00.100Z' },
      { fact: 'repository-profile', visibility: 'private', isMirror: true },
    ]);
    expect(factsOf('hook.repository', { ...event, repository, action: 'deleted' })).toMatchObject([{ state: 'gone' }]);
  });

  it('keeps no address that is none', () => {
    const event = eventOf('issues', 'opened');
    const issue = { ...(event['issue'] as Json), html_url: 'javascript:alert(1)' };
    expect(only(factsOf('hook.issues', { ...event, issue }), 'issue')[0]?.url).toBeNull();
  });

  it('has traffic by GitHub’s days and levels by the day of the look', () => {
    const views = { count: 3, uniques: 2, views: [{ timestamp: '2026-02-01T00:00:00Z', count: 3, uniques: 2 }] };
    expect(factsOfEvent(buildEnvelope('traffic-views', by, views, {}))).toMatchObject([
      { level: 'views', day: '2026-02-01', value: 3 },
      { level: 'visitors', day: '2026-02-01', value: 2 },
    ]);
    const facts = factsOfEvent(buildEnvelope('repository', by, readAnswerExample('full-repository'), {}));
    expect(only(facts, 'level').map(({ level, day }) => [level, day])).toContainEqual(['stars', '2026-02-03']);
  });
});

describe('events of one second', () => {
  const pull = eventOf('pull_request', 'closed')['pull_request'] as Json;
  const at = '2026-02-03T04:05:06Z';

  function seenAt(event: string, action: string, body: Json): string {
    const [fact] = factsOf(`hook.${event}`, { ...eventOf(event, action), ...body });
    return fact !== undefined && 'seenAt' in fact ? fact.seenAt : '';
  }

  it('are in the order in which such things happen', () => {
    const acts = [
      'opened',
      'labeled',
      'synchronize',
      'converted_to_draft',
      'ready_for_review',
      'dequeued',
      'closed',
      'reopened',
    ];
    const open = { ...pull, state: 'open', updated_at: at, merged_at: null };
    const seen = acts.map((action) => seenAt('pull_request', action, { pull_request: open }));
    expect(seen).toEqual(seen.toSorted());
    expect(new Set(seen).size).toBe(acts.length);
  });

  it('leave what is merged as merged', () => {
    const merged = { ...pull, updated_at: at, merged_at: at };
    const open = { ...pull, state: 'open', updated_at: at, merged_at: null };
    const last = seenAt('pull_request', 'labeled', { pull_request: merged });
    for (const action of ['closed', 'reopened', 'dequeued', 'synchronize']) {
      expect(last > seenAt('pull_request', action, { pull_request: open })).toBe(true);
    }
  });

  it('give way to a look of the same second', () => {
    const [fact] = only(factsOfEvent(buildEnvelope('pull', { ...by, at: new Date(at) }, pull, {})), 'pull-request');
    expect(fact?.seenAt).toBe('2026-02-03T04:05:06.999Z');
  });

  it('show an issue before what is done to it beside a comment', () => {
    const issue = { ...(eventOf('issues', 'closed')['issue'] as Json), updated_at: at };
    expect(seenAt('issue_comment', 'created', { issue }) < seenAt('issues', 'closed', { issue })).toBe(true);
  });

  it('delete a branch after what was pushed to it', () => {
    const pushed = eventOf('push', '', { ref: 'refs/heads/x', deleted: false, created: false });
    const gone = eventOf('delete', '', { ref: 'x', ref_type: 'branch', repository: pushed['repository'] });
    const [before] = only(factsOf('hook.push', pushed), 'ref');
    const [after] = only(factsOf('hook.delete', gone), 'ref');
    expect((after?.observedAt ?? '') > (before?.observedAt ?? '')).toBe(true);
  });
});
