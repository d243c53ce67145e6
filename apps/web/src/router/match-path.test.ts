import { describe, expect, it } from 'vitest';
import { matchPath, writePath } from './match-path.ts';

describe('matchPath', () => {
  it.each([
    ['/', '/', {}],
    ['/sources', '/sources', {}],
    ['/sources', '/sources/', {}],
    ['/teams/$team', '/teams/north%20sea', { team: 'north sea' }],
    ['/teams/$team/members', '/teams/a/members', { team: 'a' }],
  ])('finds %s in %s', (pattern, pathname, params) => {
    expect(matchPath(pattern, pathname)).toEqual(params);
  });

  it.each([
    ['/', '/sources'],
    ['/sources', '/'],
    ['/sources', '/Sources'],
    ['/teams/$team', '/teams'],
    ['/teams/$team', '/teams/a/members'],
    ['/teams/$team', '/teams/%ff'],
  ])('does not find %s in %s', (pattern, pathname) => {
    expect(matchPath(pattern, pathname)).toBeNull();
  });

  it('writes what it reads', () => {
    const path = writePath('/teams/$team', { team: 'a/b ü' });
    expect(matchPath('/teams/$team', path)).toEqual({ team: 'a/b ü' });
    expect(() => writePath('/teams/$team')).toThrow('needs a team');
  });
});
