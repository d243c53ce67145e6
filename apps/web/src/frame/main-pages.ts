import type { IconName } from '@devpulse/ui/icon-paths';
import { paths } from '../paths.ts';

/** The pages of the side bar and of the phone's tab bar: only those that exist. */
export const mainPages = [
  { to: paths.home, title: 'Home', icon: 'home' },
  { to: paths.repositories, title: 'Repositories', icon: 'repository' },
  { to: paths.sources, title: 'Sources', icon: 'source' },
] as const satisfies readonly { to: string; title: string; icon: IconName }[];
