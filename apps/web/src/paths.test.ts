import { describe, expect, it } from 'vitest';
import { screenPaths } from '@devpulse/contract/screens';
import { paths } from './paths.ts';
import { findWay, listWays } from './router/route.ts';
import { screens } from './routes.tsx';

const ways = listWays(screens);

describe('paths', () => {
  it.each(Object.entries(paths))('%s leads to a screen', (_name, path) => {
    expect(findWay(ways, path)?.path).toBe(path);
  });

  it('leads nowhere with an address that no screen has', () => {
    expect(findWay(ways, '/nowhere')).toBeNull();
  });

  it('knows every screen there is, each once', () => {
    expect(ways.map(({ path }) => path).toSorted()).toEqual(Object.values(paths).toSorted());
  });

  it('knows no address that the server would not answer after a reload', () => {
    expect(screenPaths).toEqual(expect.arrayContaining(Object.values(paths).map((path) => path.replaceAll('$', ':'))));
  });
});
