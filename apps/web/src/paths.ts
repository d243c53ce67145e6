/** Every address of the screens; the only place that knows one. A test matches each against the route tree. */
export const paths = {
  home: '/',
  setup: '/setup',
  signIn: '/sign-in',
  sources: '/sources',
  repositories: '/repositories',
  settings: '/settings',
} as const;
