import { createSign } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureGithubSchemas } from '../github-schemas/ensure-github-schemas.ts';
import { findFaults, findReplyFaults } from '../github-schemas/published.ts';
import { busy, makeBusyWorld } from './busy-world.ts';
import type { GithubApp } from './front/apps.ts';
import { openGithub, type GithubCounterpart } from './open-github.ts';
import { apiRoutes } from './routes/all-routes.ts';

let github: GithubCounterpart;
let app: GithubApp;
let code: string;
const tokens: Record<string, string> = {};
const params: Record<string, string | number> = {};

beforeAll(async () => {
  await ensureGithubSchemas();
  github = await openGithub();
  makeBusyWorld(github);
  const repository = github.repository(busy.repository);
  const hook = { url: 'http://127.0.0.1:9/hook', active: true };
  const everything = Object.fromEntries(rights.map((name) => [name, 'write' as const]));
  ({ app, code } = github.registerApp(busy.admin, {
    name: 'Everything',
    url: 'http://127.0.0.1:9',
    hook_attributes: hook,
    default_permissions: everything,
    default_events: ['push', 'issues'],
  }));
  const installation = github.install(app, 'harbor');
  const scopes = ['repo', 'admin:repo_hook', 'admin:org_hook', 'read:org', 'user:email'];
  tokens['person'] = github.issueToken({
    account: busy.admin,
    kind: 'oauth',
    scopes,
    clientId: github.client.id,
  }).value;
  tokens['user'] = github.issueToken({
    account: busy.admin,
    kind: 'user',
    clientId: app.clientId,
    permissions: everything,
  }).value;
  const { token } = (await (
    await ask('POST', `/app/installations/${installation.id}/access_tokens`, signApp())
  ).json()) as { token: string };
  tokens['installation'] = token;
  for (const above of [`/repos/${busy.repository}`, '/orgs/harbor']) {
    const body = {
      name: 'web',
      config: { url: 'http://127.0.0.1:9/x', content_type: 'json', secret: 's' },
      events: ['push'],
    };
    const made = (await (await ask('POST', `${above}/hooks`, tokens['person'] ?? '', body)).json()) as { id: number };
    params[above === '/orgs/harbor' ? 'org hook_id' : 'repo hook_id'] = made.id;
  }
  github.act.push({ repository: busy.repository, by: busy.admin, commits: [{ message: 'Told to hooks' }] });
  await github.office.settled();
  const deliveryOf = (kind: string) => github.deliveries.find((one) => one.hook.kind === kind)?.id ?? 0;
  Object.assign(params, {
    owner: 'harbor',
    repo: 'quay',
    org: 'harbor',
    username: busy.other,
    account_id: github.account(busy.other).id,
    ref: repository.runs[0]?.sha ?? '',
    branch: 'main',
    basehead: 'v1...main',
    code,
    installation_id: installation.id,
    run_id: repository.runs[0]?.id ?? 0,
    pull_number: [...repository.pulls.values()].find(({ reviewComments }) => reviewComments.length > 0)?.number ?? 0,
    issue_number: [...repository.pulls.values()].find(({ comments }) => comments.length > 0)?.number ?? 0,
    deployment_id: repository.deployments[0]?.id ?? 0,
    commit_sha: repository.commitComments[0]?.commit ?? '',
    release_id: repository.releases[0]?.id ?? 0,
    comment_id: [...repository.issues.values()].flatMap(({ comments }) => comments)[0]?.id ?? 0,
    client_id: github.client.id,
    'repo delivery_id': deliveryOf('repository'),
    'org delivery_id': deliveryOf('organization'),
    'app delivery_id': deliveryOf('app'),
  });
});
afterAll(() => github.close());

const rights =
  'contents issues pull_requests deployments actions checks statuses administration members metadata'.split(' ');

/** What an App signs by itself. */
function signApp(): string {
  const now = github.clock.seconds();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ iat: now - 30, exp: now + 500, iss: app.id })}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(app.pem).toString('base64url')}`;
}

function ask(method: string, path: string, token: string, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(github.apiUrl + path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

function pathOf(pattern: string): string {
  if (pattern.includes('/git/'))
    return pattern.replace('{owner}/{repo}', busy.repository).replace('{ref}', 'heads/main');
  const kind = pattern.startsWith('/orgs/') ? 'org' : pattern.startsWith('/app/') ? 'app' : 'repo';
  return pattern.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    String(params[`${kind} ${name}`] ?? params[name] ?? `no ${name}`),
  );
}

function tokenFor(pattern: string): string {
  if (/^\/app($|\/)/.test(pattern) || pattern === '/repos/{owner}/{repo}/installation') return signApp();
  if (pattern.startsWith('/installation/')) return tokens['installation'] ?? '';
  return tokens[pattern.startsWith('/user/installations') ? 'user' : 'person'] ?? '';
}

/** The description of this list asks every account to be a person and an enterprise at once: its items are those of the single one. */
function faultsOf(method: string, pattern: string, status: number, body: unknown): string[] {
  if (pattern !== '/app/installations') return findReplyFaults(method, pattern, status, body);
  return (body as unknown[]).flatMap((one) => findFaults('installation', one));
}

function isEmptyList(body: unknown): boolean {
  return Array.isArray(body) ? body.length === 0 : (body as { total_count?: number } | undefined)?.total_count === 0;
}

const bodies: Record<string, object> = {
  'POST /repos/{owner}/{repo}/hooks': { config: { url: 'http://127.0.0.1:9/y' }, events: ['issues'] },
  'POST /orgs/{org}/hooks': { config: { url: 'http://127.0.0.1:9/y' }, events: ['issues'] },
  'PATCH /repos/{owner}/{repo}/hooks/{hook_id}': { add_events: ['issues'] },
  'PATCH /orgs/{org}/hooks/{hook_id}': { events: ['push', 'issues'] },
  'PATCH /app/hook/config': { content_type: 'json' },
};

/** Addresses that the description of the REST API does not have, or answers of them that are made otherwise. */
const elsewhere = new Set(['POST /graphql']);
const asked = apiRoutes.filter(({ method, pattern }) => !elsewhere.has(`${method} ${pattern}`) && method !== 'DELETE');
/** In the order that leaves nothing out: what takes something away comes last. */
const takenAway = apiRoutes.filter(({ method }) => method === 'DELETE');

describe('every answer of the front', () => {
  it.each(asked)('is one of GitHub: $method $pattern', async ({ method, pattern }) => {
    const answer = await ask(method, pathOf(pattern), tokenFor(pattern), bodies[`${method} ${pattern}`]);
    const text = await answer.text();
    expect([answer.status, text.slice(0, 300)]).toSatisfy(([status]) => status >= 200 && status < 300);
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    // A list that is empty would show nothing.
    expect(isEmptyList(body)).toBe(false);
    expect(faultsOf(method, pattern, answer.status, body)).toEqual([]);
  });

  it.each(takenAway)('is one of GitHub: $method $pattern', async ({ method, pattern }) => {
    const isGrant = pattern.startsWith('/applications/');
    const extra = github.issueToken({ account: busy.other, kind: 'oauth', clientId: github.client.id }).value;
    const answer = await ask(
      method,
      pathOf(pattern),
      isGrant ? '' : tokenFor(pattern),
      isGrant ? { access_token: extra } : undefined,
    );
    expect(answer.status).toBe(204);
    expect(findReplyFaults(method, pattern, 204, undefined)).toEqual([]);
  });

  it('would be told apart from a wrong one', async () => {
    const answer = await ask('GET', `/repos/${busy.repository}/pulls?state=all`, tokens['person'] ?? '');
    const [first] = (await answer.json()) as { head: { sha?: string } }[];
    delete first?.head.sha;
    expect(findReplyFaults('GET', '/repos/{owner}/{repo}/pulls', 200, [first]).join()).toContain('sha');
  });
});
