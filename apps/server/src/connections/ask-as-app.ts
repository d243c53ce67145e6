import { createPrivateKey } from 'node:crypto';
import { SignJWT } from 'jose';
import { type AskLane, SourceRefused } from '@devpulse/contract/source-client';
import { readClock } from '@devpulse/http-client/read-limits';
import type { InstanceApp } from './app-store.ts';
import { askGithub, type GithubAnswer } from './ask-github.ts';
import type { GithubParts } from './github-parts.ts';

// GitHub takes at most ten minutes from `iat` to `exp`, and `iat` must not lie in its future.
const backDatedMs = 60_000;
const livesMs = 9 * 60_000;
/** Ours may be wrong by more than what is back-dated: then GitHub's own clock is taken. */
const skewMs = 30_000;

/** The proof that it is the App who asks; for ten minutes. */
export async function signAppToken(app: Pick<InstanceApp, 'number' | 'privateKey'>, now: Date): Promise<string> {
  const seconds = (ms: number): number => Math.floor((now.getTime() + ms) / 1000);
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT' })
    .setIssuer(app.number)
    .setIssuedAt(seconds(-backDatedMs))
    .setExpirationTime(seconds(livesMs))
    .sign(createPrivateKey(app.privateKey));
}

/** Asks as the App itself: about its installations, and for their tokens. */
export async function askAsApp(
  parts: GithubParts,
  app: Pick<InstanceApp, 'number' | 'privateKey'>,
  ask: { method?: 'GET' | 'POST' | 'DELETE'; path: string; json?: unknown; lane?: AskLane },
): Promise<GithubAnswer> {
  const budget = `${parts.github.host}|app|${app.number}`;
  const askAt = async (now: Date): Promise<GithubAnswer> =>
    askGithub(parts, { ...ask, budget, authorization: `Bearer ${await signAppToken(app, now)}` });
  const answer = await askAt(parts.now());
  if (answer.status !== 401) return answer;
  const clock = readClock(answer.headers);
  if (clock === null || Math.abs(clock.getTime() - parts.now().getTime()) < skewMs) throw refusedApp(answer);
  const second = await askAt(clock);
  if (second.status === 401) throw refusedApp(second);
  return second;
}

function refusedApp({ status }: GithubAnswer): SourceRefused {
  return new SourceRefused(
    'unauthenticated',
    'GitHub does not accept the key of the App. Whoever runs this instance gives it a new one.',
    { status },
  );
}
