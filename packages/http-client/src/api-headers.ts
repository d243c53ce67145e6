/** What every question to GitHub's API says of itself. Another version of the API is chosen here, for all who ask. */
export const apiHeaders = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
  'user-agent': 'DevPulse',
} as const;
