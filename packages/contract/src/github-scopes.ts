/** What signing in asks of GitHub: to read the confirmed addresses, and nothing else. */
export const signInScope = 'user:email';

/**
 * What a feature may ask for later, and why. Nothing of it is asked for at sign-in: each is granted by its person when they
 * switch the feature on, see `connectGithub`.
 */
export const githubScopes = {
  repo: 'Read private repositories',
  'read:org': 'See which organisations and teams one belongs to',
  security_events: 'Read code scanning alerts',
  workflow: 'Run workflows again',
} as const;

export type GithubScope = keyof typeof githubScopes;
export const githubScopeNames = Object.keys(githubScopes) as GithubScope[];
