import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ensureGithubSchemas } from '../test/github-schemas/ensure-github-schemas.ts';
import { openGithub, type GithubCounterpart } from '../test/github/open-github.ts';

/** Starts GitHub's counterpart with a small world; answers the settings that lead there. */
export async function startGithub(): Promise<Record<string, string>> {
  await ensureGithubSchemas();
  const github = await openGithub({
    withPage: true,
    grow: { seed: 'dev', repositories: 3, commits: 400, pulls: 120, issues: 60 },
  });
  const desk = createServer((request, response) => {
    act(github, request, response).catch((error: unknown) => {
      response.writeHead(400).end(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  });
  await new Promise<void>((resolve) => desk.listen(0, '127.0.0.1', resolve));
  const { port } = desk.address() as { port: number };
  const token = github.issueToken({
    account: 'mira',
    scopes: ['repo', 'admin:repo_hook', 'admin:org_hook', 'read:org'],
  });
  const names = [...github.world.repositories.values()].map(({ owner, name }) => `${owner.login}/${name}`);
  const example = { repository: names[0], by: 'mira', commits: [{ message: 'Mend the quay' }] };
  console.error(`GitHub's counterpart: ${github.url} (API ${github.apiUrl})
  Repositories: ${names.join(', ')}. Somebody to sign in as: mira, jonas, zoe, …
  A token of Mira's: ${token.value}
  To do something there, which its hooks are told of:
    curl -d '${JSON.stringify(example)}' http://127.0.0.1:${port}/push
  The same for ${Object.keys(github.act)
    .filter((name) => name !== 'push')
    .join(', ')}: see docs/guides/github-counterpart.md.`);
  return {
    GITHUB_BASE_URL: github.url,
    GITHUB_API_URL: github.apiUrl,
    GITHUB_CLIENT_ID: github.client.id,
    GITHUB_CLIENT_SECRET: github.client.secret,
  };
}

/** The act that the address names, with what is posted; answers what came of it by number or name. */
async function act(github: GithubCounterpart, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const name = (request.url ?? '/').slice(1);
  const acts = github.act as unknown as Record<string, ((input: unknown) => unknown) | undefined>;
  const chosen = Object.hasOwn(acts, name) ? acts[name] : undefined;
  if (chosen === undefined) throw new Error(`there is no act "${name}"; there are ${Object.keys(acts).join(', ')}`);
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const made = chosen(JSON.parse(Buffer.concat(chunks).toString()));
  const { number, id, head } = (made ?? {}) as { number?: number; id?: number; head?: unknown };
  const told = { number, id, ...(typeof head === 'string' ? { head } : {}) };
  response.writeHead(200, { 'content-type': 'application/json' }).end(`${JSON.stringify(told)}\n`);
}
