import type { Route } from '../front/route.ts';
import { graphqlRoutes } from '../graphql/graphql-routes.ts';
import { grantRoutes } from '../front/sign-in.ts';
import { accountRoutes } from './account-routes.ts';
import { appRoutes } from './app-routes.ts';
import { commitRoutes } from './commit-routes.ts';
import { deliveryRoutes } from './delivery-routes.ts';
import { hookRoutes } from './hook-routes.ts';
import { issueRoutes } from './issue-routes.ts';
import { pullRoutes } from './pull-routes.ts';
import { repositoryRoutes } from './repository-routes.ts';

/** What the front answers by itself; everything else goes to the emulator. */
export const apiRoutes: readonly Route[] = [
  ...accountRoutes,
  ...repositoryRoutes,
  ...commitRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...deliveryRoutes,
  ...hookRoutes,
  ...appRoutes,
  ...grantRoutes,
  ...graphqlRoutes,
];
