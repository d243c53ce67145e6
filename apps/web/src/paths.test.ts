import { QueryClient } from '@tanstack/react-query';
import { describe, expect, it } from 'vitest';
import { screenPaths } from '@devpulse/contract/screens';
import { paths } from './paths.ts';
import { createAppRouter } from './routes.tsx';

const router = createAppRouter(new QueryClient());

/** Where an address ends up; null where it leads nowhere. */
function findRoute(address: string): string | null {
  const [matched, , found] = router.getMatchedRoutes(address);
  return found === undefined ? null : (matched.at(-1)?.fullPath ?? null);
}

describe('paths', () => {
  it.each(Object.entries(paths))('%s leads to a screen', (_name, path) => {
    expect(findRoute(path)).toBe(path);
  });

  it('leads nowhere with an address that no screen has', () => {
    expect(findRoute('/nowhere')).toBeNull();
  });

  it('knows every screen there is', () => {
    const screens = Object.values(router.routesByPath).map((route) => route.fullPath);
    expect([...new Set(screens)].toSorted()).toEqual(Object.values(paths).toSorted());
  });

  it('knows no address that the server would not answer after a reload', () => {
    expect(screenPaths).toEqual(expect.arrayContaining(Object.values(paths)));
  });
});
