import { createHash, randomBytes } from 'node:crypto';
import { addAccount, findAccount } from '../world/open-world.ts';
import type { Account } from '../world/model.ts';
import { openRoute, type Route } from './route.ts';
import { notFound, readJson, reply, type Ask, type Reply, type State } from './state.ts';
import type { Token } from './tokens.ts';

const EIGHT_HOURS = 8 * 3600;
const HALF_A_YEAR = 15_897_600;

/** Where GitHub asks whoever is before the browser whether they agree: the emulator's own form is shown, or posted for them. */
export async function authorize({ state, asked }: Ask): Promise<Reply> {
  const { signIn } = state;
  const ask = Object.fromEntries(asked.searchParams);
  const challenge = ask['code_challenge'] ?? null;
  if (ask['code_challenge_method'] !== 'S256' || challenge?.length !== 43) signIn.refused.push('no PKCE with S256');
  const ticket = { challenge, scope: ask['scope'] ?? '', clientId: ask['client_id'] ?? '' };
  if (signIn.withPage) {
    signIn.tickets.set(challenge ?? '', { ...ticket, user: null });
    return moved(`${state.emulator}/login/oauth/authorize${asked.search}`);
  }
  const { user } = signIn;
  if (user === null) {
    const answer = { error: 'access_denied', error_description: 'The user has denied your application access.' };
    return moved(withQuery(ask['redirect_uri'] ?? '', { ...answer, state: ask['state'] ?? '' }));
  }
  const location = await agree(state, ask);
  const code = new URL(location).searchParams.get('code') ?? '';
  signIn.tickets.set(code, { ...ticket, user });
  return moved(location);
}

/** Posts the emulator's form. Clients of Apps are not known there: they get a code of ours. */
async function agree(state: State, ask: Record<string, string>): Promise<string> {
  if (ask['client_id'] !== state.signIn.client.id) {
    const app = [...state.apps.apps.values()].find(({ clientId }) => clientId === ask['client_id']);
    const back = ask['redirect_uri'] ?? app?.callbacks[0] ?? '';
    return withQuery(back, { code: randomBytes(10).toString('hex'), state: ask['state'] ?? '' });
  }
  const posted = await fetch(`${state.emulator}/login/oauth/callback`, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      login: 'octo',
      client_id: ask['client_id'] ?? '',
      redirect_uri: ask['redirect_uri'] ?? '',
      state: ask['state'] ?? '',
      scope: ask['scope'] ?? '',
    }),
  });
  const location = posted.headers.get('location');
  if (location === null) throw new Error(`the emulator answered ${posted.status}: ${await posted.text()}`);
  return location;
}

export function moved(location: string): Reply {
  return { status: 302, headers: { location }, text: '' };
}

export function withQuery(address: string, query: Record<string, string>): string {
  const url = new URL(address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

/** A code, or a refresh token, for a token. */
export async function exchange(ask: Ask): Promise<Reply> {
  const { state } = ask;
  const form = readJson(ask) as Record<string, string>;
  const app = [...state.apps.apps.values()].find(({ clientId }) => clientId === form['client_id']);
  const secret =
    app?.clientSecret ?? (form['client_id'] === state.signIn.client.id ? state.signIn.client.secret : null);
  if (secret === null || secret !== form['client_secret']) return wrong(ask, 'incorrect_client_credentials');
  if (form['grant_type'] === 'refresh_token') {
    const token = state.tokens.refresh(form['refresh_token'] ?? '');
    return token === undefined ? wrong(ask, 'bad_refresh_token') : granted(ask, token);
  }
  const challenge = createHash('sha256')
    .update(form['code_verifier'] ?? '')
    .digest('base64url');
  const key = state.signIn.withPage ? challenge : (form['code'] ?? '');
  const ticket = state.signIn.tickets.get(key);
  state.signIn.tickets.delete(key);
  if (ticket === undefined || (ticket.challenge !== null && ticket.challenge !== challenge)) {
    state.signIn.refused.push('a code without its verifier');
    return wrong(ask, 'bad_verification_code');
  }
  // The codes of Apps are ours, unless they come from the emulator's page.
  const isTheirs = app === undefined || ticket.user === null;
  const account = isTheirs ? await accountFor(state, ticket.user, form) : ticket.user;
  if (account === null) return wrong(ask, 'bad_verification_code');
  const wanted = ticket.scope.split(/[\s,]+/).filter((scope) => scope !== '' && !state.signIn.withheld.includes(scope));
  const lasts = app === undefined ? state.signIn.lasts : EIGHT_HOURS;
  const token = state.tokens.give({
    kind: app === undefined ? 'oauth' : 'user',
    account,
    clientId: ticket.clientId,
    ...(app === undefined ? { scopes: wanted } : { permissions: app.permissions }),
    ...(lasts === null ? {} : { lasts, refreshes: true }),
  });
  state.signIn.granted.push({ token: token.value, scope: token.scopes.join(',') });
  return granted(ask, token);
}

/** The emulator takes the code back, and knows who was chosen on its page. */
async function accountFor(state: State, user: Account | null, form: Record<string, string>): Promise<Account | null> {
  const given = await fetch(`${state.emulator}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(form),
  });
  const body = (await given.json()) as { access_token?: string };
  if (body.access_token === undefined) return null;
  if (user !== null) return user;
  const headers = { authorization: `Bearer ${body.access_token}` };
  const known = (await (await fetch(`${state.emulator}/user`, { headers })).json()) as { login: string; name: string };
  const emails = (await (await fetch(`${state.emulator}/user/emails`, { headers })).json()) as Account['emails'];
  return (
    findAccount(state.world, known.login) ?? addAccount(state.world, { login: known.login, name: known.name, emails })
  );
}

function granted(ask: Ask, token: Token): Reply {
  return answered(ask, {
    access_token: token.value,
    ...(token.refresh === null
      ? {}
      : {
          expires_in: Math.round(((token.expiresAt ?? 0) - ask.state.clock.now().getTime()) / 1000),
          refresh_token: token.refresh.value,
          refresh_token_expires_in: HALF_A_YEAR,
        }),
    token_type: 'bearer',
    // As GitHub writes them: separated by commas.
    scope: token.scopes.join(','),
  });
}

/** Wrong, and nevertheless 200. */
function wrong(ask: Ask, error: string): Reply {
  return answered(ask, { error, error_description: error.replaceAll('_', ' '), error_uri: 'https://docs.github.com' });
}

/** As a form, unless JSON was asked for. */
function answered(ask: Ask, body: Record<string, unknown>): Reply {
  if ((ask.headers['accept'] ?? '').includes('json')) return reply(body);
  const text = new URLSearchParams(body as Record<string, string>).toString();
  return { status: 200, headers: { 'content-type': 'application/x-www-form-urlencoded' }, text };
}

export const grantRoutes: Route[] = ['token', 'grant'].map((what) =>
  openRoute('DELETE', `/applications/{client_id}/${what}`, (ask) => {
    const { state, params } = ask;
    const given = state.tokens.all.get(String((readJson(ask) as { access_token?: string }).access_token));
    if (given === undefined || given.clientId !== params['client_id']) return notFound();
    const all = [...state.tokens.all.values()].filter(
      (one) => one === given || (what === 'grant' && one.account === given.account && one.clientId === given.clientId),
    );
    for (const one of all) if (!one.isRevoked) state.tokens.revoke(one.value);
    return reply(undefined, 204);
  }),
);
