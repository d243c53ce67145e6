import { describe, expect, it } from 'vitest';
import { readAnswerExample } from '../../test/github-schemas/published.ts';
import { buildEnvelope } from './envelope.ts';
import { listExampleAnswers } from './testing/example-answers.ts';
import { factsOfEvent } from './testing/read-facts.ts';

type Json = Record<string, unknown>;

const by = {
  host: 'github.com',
  repository: { id: 1296269, fullName: 'octocat/Hello-World' },
  at: new Date('2026-02-03T04:06:00Z'),
};
const later = { ...by, repository: { id: 1296269, fullName: 'octocat/Renamed' }, at: new Date('2026-02-03T23:00:00Z') };
const pull = readAnswerExample('pull-request') as Json;

describe('an answer as a raw event', () => {
  it.each(listExampleAnswers().filter(({ shape }) => shape !== 'refs'))(
    'is the same event when it is read again: $shape',
    ({ shape, data, extra }) => {
      expect(buildEnvelope(shape, later, data, extra).key).toBe(buildEnvelope(shape, by, data, extra).key);
    },
  );

  it('is the same event however much has moved in it that is not told', () => {
    const moved = {
      ...pull,
      mergeable_state: 'dirty',
      user: { ...(pull['user'] as Json), avatar_url: 'https://x.example' },
    };
    expect(buildEnvelope('pull', later, moved, {}).key).toBe(buildEnvelope('pull', by, pull, {}).key);
  });

  it('is another event when it tells something else, though GitHub’s time is the same', () => {
    const drafted = { ...pull, draft: true };
    expect(buildEnvelope('pull', by, drafted, {}).key).not.toBe(buildEnvelope('pull', by, pull, {}).key);
  });

  it('is another event the next day, where a reading belongs to a day', () => {
    const tomorrow = { ...by, at: new Date('2026-02-04T00:00:00Z') };
    const languages = { TypeScript: 5 };
    expect(buildEnvelope('languages', by, languages, {}).key).toMatch(/^github\.com\/1296269#languages#-#2026-02-03\./);
    expect(buildEnvelope('languages', tomorrow, languages, {}).key).toContain('#2026-02-04.');
  });

  it('has the key that the README shows', () => {
    const { source, key, kind, arrival } = buildEnvelope('pull', by, pull, {});
    expect({ source, kind, arrival }).toEqual({ source: 'github', kind: 'api.pull', arrival: 'pull' });
    expect(key).toMatch(/^github\.com\/1296269#pull#1347#2011-01-26T19:01:12Z\.[0-9a-f]{24}$/);
  });

  it('is stored without the token that GitHub adds to private repositories', () => {
    const repository = { ...(readAnswerExample('full-repository') as Json), temp_clone_token: 'planted-value' };
    const event = buildEnvelope('repository', by, repository, {});
    expect(Buffer.from(event.body).toString()).not.toContain('planted-value');
    expect(factsOfEvent(event)).not.toEqual([]);
  });

  it('is kept, too, when it cannot be understood', () => {
    const event = buildEnvelope('pull', by, { number: 3, updated_at: 'x' }, {});
    expect(event.key).toMatch(/^github\.com\/1296269#pull#3#x\.[0-9a-f]{24}$/);
    expect(() => factsOfEvent(event)).toThrow('data.title');
  });

  it('tells of commits in and out of reach', () => {
    const shas = ['a'.repeat(40)];
    const extra = { snapshot: 12, reachable: false, part: 0 };
    const reach = buildEnvelope('reach', by, shas, extra);
    expect(reach.key).toMatch(/^github\.com\/1296269#reach#12#-0\.[0-9a-f]{24}$/);
    expect(factsOfEvent(reach)).toEqual([
      { fact: 'reach', repository: 'github.com/1296269', snapshot: 12, reachable: false, shas },
    ]);
    expect(factsOfEvent(buildEnvelope('reach-baseline', by, null, { snapshot: 12 }))).toEqual([
      { fact: 'reach-baseline', repository: 'github.com/1296269', snapshot: 12 },
    ]);
  });

  it('tells of branches that are gone, and of a repository', () => {
    const refs = buildEnvelope('refs', by, [], { gone: ['refs/heads/x', 'refs/pull/1/head'] });
    expect(factsOfEvent(refs)).toMatchObject([{ fact: 'ref', kind: 'branch', name: 'x', sha: null }]);
    const known = { full_name: 'octocat/Hello-World', html_url: null, default_branch: 'main' };
    expect(factsOfEvent(buildEnvelope('repository-gone', by, known, {}))).toMatchObject([
      { fact: 'repository', key: 'github.com/1296269', state: 'gone', defaultBranch: 'main' },
    ]);
  });

  it('tells of an account without a repository', () => {
    const account = readAnswerExample('public-user-default-response');
    const event = buildEnvelope('account', { ...by, repository: null }, account, {});
    expect(event.key).toMatch(/^github\.com#account#1#2026-02-03\./);
    expect(factsOfEvent(event)).toMatchObject([
      { fact: 'account', account: { externalId: '1', login: 'octocat', name: 'monalisa octocat' } },
    ]);
  });
});
