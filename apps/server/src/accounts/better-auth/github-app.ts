import { z } from 'zod';
import { apiHeaders } from '@devpulse/http-client/api-headers';

/** An OAuth app at GitHub, or at a GitHub Enterprise server. */
export interface GithubApp {
  clientId: string;
  clientSecret: string;
  /** `https://github.com` */
  url: string;
  /** `https://api.github.com` */
  apiUrl: string;
}

/** Who somebody is at GitHub. */
export interface GithubProfile {
  /** The number; a login can be renamed, and be somebody else's afterwards. */
  id: string;
  login: string;
  name: string;
  /** Only an address that GitHub itself confirmed; null: hidden, or not confirmed. */
  email: string | null;
}

const patienceMs = 10_000;

const userSchema = z.looseObject({
  id: z.number().int().positive(),
  login: z.string().min(1).max(100),
  name: z.string().nullish(),
});

const emailsSchema = z.array(z.looseObject({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** Asks GitHub who the holder of this token is; throws where it does not say. */
export async function readGithubProfile(app: GithubApp, accessToken: string): Promise<GithubProfile> {
  const user = userSchema.parse(await ask(app, '/user', accessToken));
  // `email` of the profile is what somebody chose to show, which says nothing about whether it is theirs.
  const emails = emailsSchema.parse(await ask(app, '/user/emails', accessToken));
  const confirmed = emails.filter((entry) => entry.verified && z.email().safeParse(entry.email).success);
  const chosen = confirmed.find((entry) => entry.primary) ?? confirmed[0];
  return {
    id: String(user.id),
    login: user.login,
    name: (user.name ?? '').trim().slice(0, 200) || user.login,
    email: chosen?.email.toLowerCase() ?? null,
  };
}

async function ask(app: GithubApp, path: string, accessToken: string): Promise<unknown> {
  const response = await fetch(`${app.apiUrl}${path}`, {
    headers: { ...apiHeaders, authorization: `Bearer ${accessToken}` },
    // A token must not follow to wherever an answer points.
    redirect: 'error',
    signal: AbortSignal.timeout(patienceMs),
  });
  if (!response.ok) throw new Error(`GitHub answered ${path} with ${response.status}`);
  return response.json();
}
