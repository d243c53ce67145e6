import { describe, expect, it } from 'vitest';
import { readEventActions, readPermissionNames } from '../../test/github-schemas/published.ts';
import { connector } from './connector.ts';
import { hookEvents, neededPermissions, neededScopes } from './needs.ts';

describe('connector', () => {
  it('takes only settings that can be right', () => {
    const settings = { host: 'github.com', id: 1296269, fullName: 'octocat/Hello-World' };
    expect(connector.settings.parse(settings)).toMatchObject({ ...settings, branches: 'default' });
    for (const wrong of [
      {},
      { ...settings, id: 0 },
      { ...settings, host: 'GitHub.com/x' },
      { ...settings, branches: 'some' },
    ]) {
      expect(connector.settings.safeParse(wrong).success).toBe(false);
    }
  });

  it('names every kind once', () => {
    const kinds = connector.kinds.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds).toEqual(expect.arrayContaining(['hook.push', 'hook.pull_request', 'api.pull', 'api.timeline']));
    expect(kinds).not.toContain('hook.ping');
    for (const kind of kinds) expect(kind).toMatch(/^[a-z][a-z0-9_.-]{0,63}$/);
  });

  it('asks for events, permissions and scopes that GitHub has, each once and with its reason', () => {
    const known = readEventActions();
    expect(hookEvents.filter((event) => !known.has(event))).toEqual([]);
    expect(new Set(hookEvents).size).toBe(hookEvents.length);
    const permissions = readPermissionNames();
    expect(neededPermissions.filter(({ key }) => !permissions.includes(key))).toEqual([]);
    const needs = [...neededPermissions, ...neededScopes];
    expect(new Set(needs.map(({ name }) => name)).size).toBe(needs.length);
    for (const { reason } of needs) expect(reason).toMatch(/^[A-Z].{20,}\.$/);
  });
});
