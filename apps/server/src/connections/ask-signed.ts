import { type AskLane, SourceRefused } from '@devpulse/contract/source-client';
import type { CredentialSource } from '@devpulse/http-client/credentials';
import { readNextLink } from '@devpulse/http-client/resolve-address';
import { askGithub, type GithubAnswer } from './ask-github.ts';
import type { GithubParts } from './github-parts.ts';

/** Reads something with a connection's own credential; a refused one is renewed once, where it can be. */
export async function askSigned(
  parts: GithubParts,
  credentials: CredentialSource,
  ask: { path: string; lane: AskLane },
): Promise<GithubAnswer> {
  for (let tries = 0; ; tries += 1) {
    const { authorization, budget, version } = await credentials.read();
    const answer = await askGithub(parts, { ...ask, authorization, budget });
    if (answer.status !== 401) return answer;
    const refusal = new SourceRefused('unauthenticated', 'GitHub does not accept this connection any more.', {
      status: 401,
    });
    if ((await credentials.refused(version, refusal)) === 'give up' || tries > 0) throw refusal;
  }
}

/** Every page of a list. A list of which one page is missing is none: whatever fails throws. */
export async function listSigned(
  parts: GithubParts,
  credentials: CredentialSource,
  ask: { path: string; lane: AskLane },
): Promise<GithubAnswer[]> {
  const answers: GithubAnswer[] = [];
  for (let page = 1; page <= pagesMax; page += 1) {
    const join = ask.path.includes('?') ? '&' : '?';
    const answer = await askSigned(parts, credentials, { ...ask, path: `${ask.path}${join}per_page=100&page=${page}` });
    if (answer.status !== 200)
      throw new SourceRefused('denied', `GitHub answered ${answer.status} when asked for a list.`, {
        status: answer.status,
      });
    answers.push(answer);
    if (readNextLink(answer.headers.get('link')) === null) return answers;
  }
  throw new SourceRefused('partial', `The list is longer than ${pagesMax * 100} entries.`);
}

// 20,000 repositories; a person waits for the answer.
const pagesMax = 200;
