import type { QueryClient } from '@tanstack/react-query';
import { personOf, readBoardSearch } from './board/board-search.ts';
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
import { createRouter, type Router } from './router/create-router.ts';
import { lazyPage } from './router/lazy-page.tsx';
import { redirect, type Route } from './router/route.ts';

type AppRoute = Route<{ client: QueryClient }>;

const PageError = lazyPage(() => import('./frame/page-error.tsx'), 'PageError');
const LonePageError = lazyPage(() => import('./frame/page-error.tsx'), 'LonePageError');
const NotFoundPage = lazyPage(() => import('./frame/not-found-page.tsx'), 'NotFoundPage');

const setup: AppRoute = {
  path: paths.setup,
  errorComponent: LonePageError,
  component: lazyPage(() => import('./pages/setup/setup-page.tsx'), 'SetupPage'),
};

/** Sign-in is drawn before this tree is loaded; who comes here is in already. */
const signIn: AppRoute = { path: paths.signIn, beforeLoad: () => redirect({ to: paths.home }) };

const home: AppRoute = {
  path: paths.home,
  loader: async ({ context: { client }, search }) => {
    const [me, workspace] = await Promise.all([
      client.ensureQueryData(meQuery),
      client.ensureQueryData(workspaceQuery),
    ]);
    const asked = readBoardSearch(search);
    const person = personOf(asked.subject);
    // In whose days is only known once they may be told.
    if (person !== undefined && person !== me.id) return;
    const scope = scopeOf(asked, me.today, workspace.weekStart);
    for (const tile of boardTiles(scope)) void client.prefetchQuery(widgetQuery(tile.id, scope));
  },
  component: lazyPage(() => import('./pages/home/home-page.tsx'), 'HomePage'),
};

const sources: AppRoute = {
  path: paths.sources,
  component: lazyPage(() => import('./pages/sources/sources-page.tsx'), 'SourcesPage'),
};

const source: AppRoute = {
  path: paths.source,
  component: lazyPage(() => import('./pages/sources/source-page.tsx'), 'SourcePage'),
};

const repositories: AppRoute = {
  path: paths.repositories,
  component: lazyPage(() => import('./pages/repositories/repositories-page.tsx'), 'RepositoriesPage'),
};

const pair: AppRoute = {
  path: paths.pair,
  component: lazyPage(() => import('./pages/pair/pair-page.tsx'), 'PairPage'),
};

/** The pages of the settings stand in a frame of their own, which lists them. */
const settings: AppRoute = {
  component: lazyPage(() => import('./pages/settings/settings-frame.tsx'), 'SettingsFrame'),
  children: [
    {
      path: paths.settings,
      component: lazyPage(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
    },
    {
      path: paths.profile,
      component: lazyPage(() => import('./pages/settings/profile/profile-page.tsx'), 'ProfilePage'),
    },
    {
      path: paths.security,
      component: lazyPage(() => import('./pages/settings/security/security-page.tsx'), 'SecurityPage'),
    },
    {
      path: paths.privacy,
      component: lazyPage(() => import('./pages/settings/privacy/privacy-page.tsx'), 'PrivacyPage'),
    },
    {
      path: paths.data,
      component: lazyPage(() => import('./pages/settings/data/data-page.tsx'), 'DataPage'),
    },
    {
      path: paths.connections,
      component: lazyPage(() => import('./pages/connections/connections-page.tsx'), 'ConnectionsPage'),
    },
    {
      path: paths.connection,
      component: lazyPage(() => import('./pages/connections/connection-page.tsx'), 'ConnectionPage'),
    },
  ],
};

/** The pages about the workspace; each needs an entry in the frame, too. */
const workspace: AppRoute = {
  component: lazyPage(() => import('./pages/workspace/workspace-frame.tsx'), 'WorkspaceFrame'),
  children: [
    { path: paths.workspace, beforeLoad: () => redirect({ to: paths.workspaceGeneral }) },
    {
      path: paths.workspaceGeneral,
      component: lazyPage(() => import('./pages/workspace/general-page.tsx'), 'GeneralPage'),
    },
    {
      path: paths.workspacePeople,
      component: lazyPage(() => import('./pages/workspace/people-page.tsx'), 'PeoplePage'),
    },
    {
      path: paths.workspaceAuthors,
      component: lazyPage(() => import('./pages/workspace/authors/authors-page.tsx'), 'AuthorsPage'),
    },
    {
      path: paths.workspaceInvitations,
      component: lazyPage(() => import('./pages/workspace/invitations-page.tsx'), 'InvitationsPage'),
    },
    {
      path: paths.workspaceTeams,
      component: lazyPage(() => import('./pages/workspace/teams/teams-page.tsx'), 'TeamsPage'),
    },
    {
      path: paths.workspaceCalendar,
      component: lazyPage(() => import('./pages/workspace/calendar/calendar-page.tsx'), 'CalendarPage'),
    },
    {
      path: paths.workspaceAudit,
      component: lazyPage(() => import('./pages/workspace/audit/audit-page.tsx'), 'AuditPage'),
    },
    {
      path: paths.deliveries,
      component: lazyPage(() => import('./pages/workspace/deliveries/deliveries-page.tsx'), 'DeliveriesPage'),
    },
  ],
};

const newWorkspace: AppRoute = {
  path: paths.workspaceNew,
  component: lazyPage(() => import('./pages/workspace/new-workspace-page.tsx'), 'NewWorkspacePage'),
};

const openWorkspace: AppRoute = {
  path: paths.openWorkspace,
  component: lazyPage(() => import('./pages/workspace/open-workspace-page.tsx'), 'OpenWorkspacePage'),
};

/** For whoever was invited, signed in or not. */
const join: AppRoute = {
  path: paths.join,
  errorComponent: LonePageError,
  component: lazyPage(() => import('./pages/join/join-page.tsx'), 'JoinPage'),
};

/** Whatever stands within the side bar. A receipt can be opened on each of these pages. */
const framed: AppRoute = {
  beforeLoad: ({ context }) => {
    if (context.client.getQueryData(sessionQuery.queryKey)?.state !== 'signed_in') redirect({ to: paths.setup });
  },
  loader: async ({ context: { client } }) => {
    for (const query of [sourcesQuery, demoQuery]) void client.prefetchQuery(query as typeof sourcesQuery);
    await Promise.all([
      client.ensureQueryData(meQuery),
      client.ensureQueryData(workspaceQuery),
      // Where somebody else is here the bar of the board is larger: known late, that would push the board down.
      client.prefetchQuery(someoneElseQuery),
    ]);
  },
  errorComponent: LonePageError,
  component: lazyPage(
    async () => (await Promise.all([import('./frame/frame.tsx'), import('./frame/framed.css')]))[0],
    'Frame',
  ),
  children: [home, sources, source, repositories, pair, settings, workspace, newWorkspace, openWorkspace],
};

/** Every screen: a page is one line among the children of what stands around it. */
export const screens: AppRoute = { errorComponent: LonePageError, children: [setup, signIn, join, framed] };

export function createAppRouter(client: QueryClient): Router {
  return createRouter({ root: screens, context: { client }, failed: PageError, notFound: NotFoundPage });
}
