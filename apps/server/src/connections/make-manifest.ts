import { hookEvents, neededPermissions } from '@devpulse/connectors/github/needs';
import type { GithubParts } from './github-parts.ts';
import { canBeReached } from './public-address.ts';

/** Where GitHub delivers to. */
export const webhookPath = '/webhooks/github';
export const appReturnPath = '/api/v1/github-app/return';
export const appInstalledPath = '/api/v1/github-app/installed';

/** GitHub sends it to no App: it is about one repository's own hooks. */
const notForApps = new Set(['ping']);

/** What DevPulse asks GitHub to make an App of: reading only, and its own webhook where GitHub can reach it. */
export function makeManifest(
  { github }: Pick<GithubParts, 'github'>,
  wish: { origin: string; name: string; isPublic: boolean; returnPath: string },
): Record<string, unknown> {
  const { origin } = wish;
  const isReached = canBeReached(origin, github.host);
  return {
    name: wish.name,
    url: origin,
    description: 'Reads what happens in repositories, for DevPulse.',
    redirect_url: `${origin}${appReturnPath}`,
    callback_urls: [`${origin}${wish.returnPath}`],
    setup_url: `${origin}${appInstalledPath}`,
    setup_on_update: true,
    public: wish.isPublic,
    default_permissions: Object.fromEntries(
      neededPermissions.filter(({ key }) => key !== 'repository_hooks').map(({ key, level }) => [key, level]),
    ),
    // Without a hook there is nothing to be told by, and GitHub refuses an address it cannot reach.
    ...(isReached
      ? {
          hook_attributes: { url: `${origin}${webhookPath}`, active: true },
          default_events: hookEvents.filter((event) => !notForApps.has(event)),
        }
      : {}),
  };
}
