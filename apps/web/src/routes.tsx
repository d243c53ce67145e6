import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { readBoardSearch, readReceiptSearch } from './board/board-search.ts';
import { scopeOf } from './board/scope-of.ts';
import { boardTiles } from './board/board-tiles.ts';
import { paths } from './paths.ts';
import {
  demoQuery,
  meQuery,
  sessionQuery,
  someoneElseQuery,
  sourcesQuery,
  widgetQuery,
  workspaceQuery,
} from './queries.ts';
import { parseSearch, stringifySearch } from './search-text.ts';

const PageError = lazyRouteComponent(() => import('./frame/page-error.tsx'), 'PageError');
const LonePageError = lazyRouteComponent(() => import('./frame/page-error.tsx'), 'LonePageError');
const NotFoundPage = lazyRouteComponent(() => import('./frame/not-found-page.tsx'), 'NotFoundPage');

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
  errorComponent: LonePageError,
});

const setup = createRoute({
  getParentRoute: () => root,
  path: paths.setup,
  errorComponent: LonePageError,
  component: lazyRouteComponent(() => import('./pages/setup/setup-page.tsx'), 'SetupPage'),
});

/** Sign-in is drawn before this tree is loaded; who comes here is in already. */
const signIn = createRoute({
  getParentRoute: () => root,
  path: paths.signIn,
  beforeLoad: () => {
    redirect({ to: paths.home, replace: true, throw: true });
  },
});

/** Whatever stands within the side bar. A receipt can be opened on each of these pages. */
const framed = createRoute({
  getParentRoute: () => root,
  id: 'framed',
  validateSearch: readReceiptSearch,
  beforeLoad: ({ context }) => {
    if (context.client.getQueryData(sessionQuery.queryKey)?.state !== 'signed_in') {
      redirect({ to: paths.setup, replace: true, throw: true });
    }
  },
  loader: async ({ context: { client } }) => {
    for (const query of [sourcesQuery, demoQuery, someoneElseQuery])
      void client.prefetchQuery(query as typeof sourcesQuery);
    await Promise.all([client.ensureQueryData(meQuery), client.ensureQueryData(workspaceQuery)]);
  },
  errorComponent: LonePageError,
  component: lazyRouteComponent(() => import('./frame/frame.tsx'), 'Frame'),
});

const home = createRoute({
  getParentRoute: () => framed,
  path: paths.home,
  validateSearch: readBoardSearch,
  loaderDeps: ({ search: { range, from, to, resource, subject } }) => ({ range, from, to, resource, subject }),
  loader: async ({ context: { client }, deps }) => {
    const [me, workspace] = await Promise.all([
      client.ensureQueryData(meQuery),
      client.ensureQueryData(workspaceQuery),
    ]);
    const scope = scopeOf(readBoardSearch(deps), me.today, workspace.weekStart);
    for (const tile of boardTiles(scope)) void client.prefetchQuery(widgetQuery(tile.id, scope));
  },
  component: lazyRouteComponent(() => import('./pages/home/home-page.tsx'), 'HomePage'),
});

const sources = createRoute({
  getParentRoute: () => framed,
  path: paths.sources,
  component: lazyRouteComponent(() => import('./pages/sources/sources-page.tsx'), 'SourcesPage'),
});

const repositories = createRoute({
  getParentRoute: () => framed,
  path: paths.repositories,
  validateSearch: (search: Record<string, unknown>): { search?: string } =>
    typeof search['search'] === 'string' && search['search'] !== '' ? { search: search['search'].slice(0, 200) } : {},
  component: lazyRouteComponent(() => import('./pages/repositories/repositories-page.tsx'), 'RepositoriesPage'),
});

const settings = createRoute({
  getParentRoute: () => framed,
  path: paths.settings,
  component: lazyRouteComponent(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});

/** Every screen. */
const routeTree = root.addChildren([setup, signIn, framed.addChildren([home, sources, repositories, settings])]);

export function createAppRouter(client: QueryClient) {
  const router = createRouter({
    routeTree,
    context: { client },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    // Answers live in the query cache, which knows how old they are.
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: PageError,
    defaultNotFoundComponent: NotFoundPage,
    scrollRestoration: true,
  });
  router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
    if (fromLocation !== undefined && pathChanged) keepFocus();
  });
  return router;
}

/** What had the focus went with the page before: whoever steers by keys goes on at the top of this one. */
function keepFocus(): void {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) document.querySelector<HTMLElement>('#content')?.focus();
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
