import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openGithub, type GithubCounterpart } from './open-github.ts';

let github: GithubCounterpart;
let token: string;

beforeEach(async () => {
  github = await openGithub({ accounts: [{ login: 'ada' }, { login: 'grace' }] });
  github.act.addAccount({ login: 'harbor', type: 'Organization', members: [{ account: 'ada', role: 'admin' }] });
  const author = { name: 'Ada', email: 'ada@example.org' };
  const commits = Array.from({ length: 5 }, (_, day) => ({
    message: `${day}`,
    author: { ...author, date: `2026-01-0${day + 1}T12:00:00Z` },
  }));
  github.seedRepository({ name: 'harbor/quay', visibility: 'private', commits });
  token = github.issueToken({ account: 'ada', scopes: ['repo', 'admin:repo_hook'] }).value;
});
afterEach(() => github.close());

async function get(path: string, more: { token?: string | null; headers?: Record<string, string> } = {}) {
  const key = more.token === undefined ? token : more.token;
  const headers = { ...(key === null ? {} : { authorization: `Bearer ${key}` }), ...more.headers };
  const answer = await fetch(github.apiUrl + path, { headers, redirect: 'manual' });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: () => JSON.parse(text) as never };
}

const quay = '/repos/harbor/quay';

describe('tokens', () => {
  it('that are unknown, taken back or over are refused', async () => {
    expect((await get('/user', { token: 'ghp_unknown' })).status).toBe(401);
    const short = github.issueToken({ account: 'ada', lasts: 60 }).value;
    expect((await get('/user', { token: short })).headers.get('github-authentication-token-expiration')).toMatch(
      /UTC$/,
    );
    github.clock.shift(61_000);
    expect((await get('/user', { token: short })).status).toBe(401);
    github.revokeToken(token);
    expect([(await get('/user')).status, (await get('/user', { token: null })).status]).toEqual([401, 401]);
  });

  it('see what their scopes allow, and are told which they have', async () => {
    const answer = await get(quay);
    expect([answer.status, answer.headers.get('x-oauth-scopes')]).toEqual([200, 'repo, admin:repo_hook']);
    expect(answer.headers.get('x-accepted-oauth-scopes')).toBe('repo');
    github.token(token).scopes = [];
    expect([(await get(quay)).status, (await get('/user')).status]).toEqual([404, 200]);
    const stranger = github.issueToken({ account: 'grace', scopes: ['repo'] }).value;
    expect((await get(quay, { token: stranger })).status).toBe(404);
  });

  it('of finer grain need the permission and the repository', async () => {
    const fine = github.issueToken({
      account: 'ada',
      kind: 'fine-grained',
      permissions: { contents: 'read' },
      repositories: ['harbor/quay'],
    });
    expect((await get(`${quay}/commits`, { token: fine.value })).status).toBe(200);
    const refused = await get(`${quay}/pulls`, { token: fine.value });
    expect([refused.status, refused.headers.get('x-accepted-github-permissions')]).toEqual([403, 'pull_requests=read']);
  });

  it('wait for single sign-on where an organization asks for it', async () => {
    github.requireSso('harbor');
    const refused = await get(quay);
    expect([refused.status, refused.headers.get('x-github-sso')]).toEqual([
      403,
      expect.stringMatching(/^required; url=/),
    ]);
    expect((await get('/user/repos')).headers.get('x-github-sso')).toMatch(/^partial-results; organizations=\d+$/);
    github.letIn(token, 'harbor');
    expect((await get(quay)).status).toBe(200);
  });
});

describe('lists', () => {
  it('are paged by links, filtered by the committer’s date, newest first', async () => {
    const first = await get(`${quay}/commits?per_page=2`);
    expect((first.json() as { commit: { message: string } }[]).map(({ commit }) => commit.message)).toEqual(['4', '3']);
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await get(next.replace(github.apiUrl, ''));
    expect((second.json() as { commit: { message: string } }[]).map(({ commit }) => commit.message)).toEqual([
      '2',
      '1',
    ]);
    const within = await get(`${quay}/commits?since=2026-01-02T00:00:00Z&until=2026-01-03T23:00:00Z`);
    expect(within.json()).toHaveLength(2);
  });
});

describe('conditional requests', () => {
  it('cost nothing while nothing changed, for the same token only', async () => {
    const first = await get(quay);
    const headers = { 'if-none-match': first.headers.get('etag') ?? '' };
    const again = await get(quay, { headers });
    const left = (answer: { headers: Headers }) => Number(answer.headers.get('x-ratelimit-remaining'));
    expect([again.status, again.text, left(again)]).toEqual([304, '', left(first)]);
    const other = github.issueToken({ account: 'ada', scopes: ['repo'] }).value;
    expect((await get(quay, { headers, token: other })).status).toBe(200);
    github.act.star({ repository: 'harbor/quay', by: 'ada' });
    expect((await get(quay, { headers })).status).toBe(200);
  });
});

describe('limits', () => {
  it('count down for all tokens of one account and come back at the reset', async () => {
    github.limits.set('ada', { remaining: 1, resetIn: 60 });
    const other = github.issueToken({ account: 'ada', scopes: ['repo'] }).value;
    expect((await get(quay)).status).toBe(200);
    const spent = await get(quay, { token: other });
    expect([spent.status, spent.headers.get('x-ratelimit-remaining'), spent.headers.get('retry-after')]).toEqual([
      403,
      '0',
      null,
    ]);
    await get(quay);
    expect(github.requests.map(({ isRefused, isBreach }) => [isRefused, isBreach])).toEqual([
      [false, false],
      [true, false],
      [true, true],
    ]);
    github.clock.shift(61_000);
    expect((await get(quay)).status).toBe(200);
  });

  it.each([
    [{ status: 429, retryAfter: 30 }, 429, '30', /^\d+$/],
    [{ status: 403, headers: 'blank' }, 403, null, /^$/],
  ] as const)('of the second kind look as asked: %o', async (look, status, retryAfter, reset) => {
    github.limits.secondary('*', 30, look);
    const answer = await get(quay);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([status, retryAfter]);
    expect(answer.headers.get('x-ratelimit-reset')).toMatch(reset);
    github.clock.shift(31_000);
    expect((await get(quay)).status).toBe(200);
  });

  it('may tell a reset that is over', async () => {
    github.limits.look = { headers: 'past', status: 429 };
    github.limits.set('ada', { remaining: 0, resetIn: 60 });
    const answer = await get(quay);
    expect(Number(answer.headers.get('x-ratelimit-reset'))).toBeLessThan(github.clock.seconds());
  });
});

describe('faults', () => {
  it('strike the page and as often as asked', async () => {
    github.faults.add({ kind: 502, path: /\/commits$/, page: 2, times: 1 });
    const page = (number: number) => get(`${quay}/commits?per_page=2&page=${number}`);
    expect([(await page(1)).status, (await page(2)).status, (await page(2)).status]).toEqual([200, 502, 200]);
    github.faults.add({ kind: 'cut', times: 1 });
    const half = await get(quay);
    expect(() => half.json()).toThrow(SyntaxError);
    github.faults.add({ kind: 'html', times: 1 });
    expect((await get(quay)).headers.get('content-type')).toContain('text/html');
    github.faults.add({ kind: 'reset', times: 1 });
    await expect(get(quay)).rejects.toThrow('fetch failed');
  });
});

describe('what becomes of a repository', () => {
  it('renamed, it is found by its old name; deleted, it is gone', async () => {
    github.act.renameRepository({ repository: 'harbor/quay', by: 'ada', name: 'pier' });
    const moved = await get(`${quay}/commits?per_page=2`);
    const location = moved.headers.get('location') ?? '';
    expect([moved.status, location]).toEqual([301, expect.stringMatching(/\/repositories\/\d+\/commits\?per_page=2$/)]);
    expect((await get(location.replace(github.apiUrl, ''))).json()).toHaveLength(2);
    github.act.deleteRepository({ repository: 'harbor/pier', by: 'ada' });
    expect((await get('/repos/harbor/pier')).status).toBe(404);
  });
});

describe('signing in', () => {
  it('asks for the verifier and gives tokens that are renewed once', async () => {
    github.signIn.user = github.account('ada');
    github.signIn.lasts = 8 * 3600;
    const verifier = randomBytes(32).toString('base64url');
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const code = async () => {
      const query = new URLSearchParams({
        client_id: github.client.id,
        redirect_uri: 'http://127.0.0.1:9/back',
        state: 's',
        scope: 'repo read:org',
        code_challenge: challenge,
        code_challenge_method: 'S256',
      });
      const answer = await fetch(`${github.url}/login/oauth/authorize?${query.toString()}`, { redirect: 'manual' });
      return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? '';
    };
    const post = async (form: Record<string, string>) => {
      const body = new URLSearchParams({ client_id: github.client.id, client_secret: github.client.secret, ...form });
      const answer = await fetch(`${github.url}/login/oauth/access_token`, {
        method: 'POST',
        headers: { accept: 'application/json' },
        body,
      });
      return (await answer.json()) as Record<string, string>;
    };
    expect(await post({ code: await code(), code_verifier: 'wrong' })).toMatchObject({
      error: 'bad_verification_code',
    });
    const given = await post({ code: await code(), code_verifier: verifier });
    expect(given).toMatchObject({ scope: 'repo,read:org', expires_in: 8 * 3600 });
    expect((await get(quay, { token: given['access_token'] ?? '' })).status).toBe(200);
    const renewed = await post({ grant_type: 'refresh_token', refresh_token: given['refresh_token'] ?? '' });
    expect(renewed['access_token']).toMatch(/^gho_/);
    expect((await get(quay, { token: given['access_token'] ?? '' })).status).toBe(401);
    const twice = await post({ grant_type: 'refresh_token', refresh_token: given['refresh_token'] ?? '' });
    expect(twice).toMatchObject({ error: 'bad_refresh_token' });
  });
});

describe('an App', () => {
  it('is made by a manifest on a page, and installed on another', async () => {
    const form = (path: string, fields: Record<string, string>) =>
      fetch(github.url + path, { method: 'POST', redirect: 'manual', body: new URLSearchParams(fields) });
    const manifest = JSON.stringify({
      name: 'Our App',
      url: 'http://127.0.0.1:9',
      redirect_url: 'http://127.0.0.1:9/made',
      setup_url: 'http://127.0.0.1:9/set',
    });
    const page = await (await form('/organizations/harbor/settings/apps/new?state=x', { manifest })).text();
    expect(page).toContain('Create GitHub App');
    const made = await form('/settings/apps/create', { manifest, state: 'x', org: 'harbor', name: 'Our App' });
    const back = new URL(made.headers.get('location') ?? '');
    expect([back.pathname, back.searchParams.get('state')]).toEqual(['/made', 'x']);
    const convert = () =>
      fetch(`${github.apiUrl}/app-manifests/${back.searchParams.get('code')}/conversions`, { method: 'POST' });
    const app = (await (await convert()).json()) as { slug: string; pem: string; owner: { login: string } };
    expect([app.owner.login, app.pem]).toEqual(['harbor', expect.stringContaining('BEGIN RSA PRIVATE KEY')]);
    expect((await convert()).status).toBe(404);
    expect(await (await fetch(`${github.url}/apps/${app.slug}/installations/new`)).text()).toContain('<option>harbor');
    const installed = await form(`/apps/${app.slug}/installations`, {
      account: 'harbor',
      repositories: '',
      state: 'y',
    });
    expect(installed.headers.get('location')).toMatch(
      /^http:\/\/127\.0\.0\.1:9\/set\?installation_id=\d+&setup_action=install&state=y$/,
    );
  });
});

describe('what the front does not know', () => {
  it('is the emulator’s', async () => {
    expect((await get('/emojis')).status).toBe(200);
    expect(github.requests.at(-1)?.isPassedOn).toBe(true);
  });
});
