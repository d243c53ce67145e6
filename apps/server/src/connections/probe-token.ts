import { z } from 'zod';
import { neededPermissions } from '@devpulse/connectors/github/needs';
import { askGithub } from './ask-github.ts';
import type { GithubParts } from './github-parts.ts';

const reachedSchema = z.array(
  z.looseObject({ full_name: z.string().regex(/^[\w.-]+\/[\w.-]+$/), private: z.boolean() }),
);

/** Something to read that hangs on each permission; asking for the others would change something, or tells nothing. */
const probes: Readonly<Record<string, string>> = {
  metadata: '',
  contents: '/commits?per_page=1',
  pull_requests: '/pulls?per_page=1',
  issues: '/issues?per_page=1',
  actions: '/actions/runs?per_page=1',
  deployments: '/deployments?per_page=1',
  administration: '/traffic/views',
  vulnerability_alerts: '/dependabot/alerts?per_page=1',
  repository_hooks: '/hooks?per_page=1',
};

/**
 * Finds out what a fine-grained token may by reading one thing of each kind from a private repository that it reaches: of a
 * public one everything can be read by anybody, which proves nothing. `unknown` where there is none to ask.
 */
export async function probeToken(
  parts: GithubParts,
  signed: { authorization: string; budget: string },
): Promise<Record<string, string>> {
  const answer = await askGithub(parts, { ...signed, path: '/user/repos?per_page=100&sort=pushed' });
  const reached = reachedSchema.safeParse(answer.json);
  const repository = reached.success ? reached.data.find((one) => one.private) : undefined;
  const found: [string, string][] = [];
  for (const { key, onlyApps } of neededPermissions) {
    if (onlyApps === true) continue;
    const probe = probes[key];
    const said =
      probe === undefined || repository === undefined
        ? 'unknown'
        : await ask(parts, signed, `/repos/${repository.full_name}${probe}`);
    found.push([key, said]);
  }
  return Object.fromEntries(found);
}

async function ask(
  parts: GithubParts,
  signed: { authorization: string; budget: string },
  path: string,
): Promise<string> {
  const { status } = await askGithub(parts, { ...signed, path });
  if (status === 403 || status === 404) return 'no';
  // 409: it may, but the repository is empty. 410: switched off there, which says nothing of the token.
  return status < 300 || status === 409 ? 'yes' : 'unknown';
}
