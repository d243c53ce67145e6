import type { Account } from '../world/model.ts';
import { findAccount } from '../world/open-world.ts';
import type { AppManifest, GithubApp } from './apps.ts';
import { install, registerApp } from './installations.ts';
import { openRoute, type Route } from './route.ts';
import { authorize, exchange, moved, withQuery } from './sign-in.ts';
import { readJson, type Ask, type Reply } from './state.ts';

/** Pages for a browser, plain and without scripts. They have no address in the API. */
export const pageRoutes: readonly Route[] = [
  openRoute('GET', '/login/oauth/authorize', authorize),
  openRoute('POST', '/login/oauth/access_token', exchange),
  openRoute('POST', '/settings/apps/new', askForApp),
  openRoute('POST', '/organizations/{org}/settings/apps/new', askForApp),
  openRoute('POST', '/settings/apps/create', createApp),
  openRoute('GET', '/apps/{slug}/installations/new', askForInstallation),
  openRoute('POST', '/apps/{slug}/installations', makeInstallation),
];

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function page(title: string, body: string, status = 200): Reply {
  const text = `<!doctype html><html lang="en"><title>${escape(title)}</title><main><h1>${escape(title)}</h1>${body}</main>`;
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, text };
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${name}" value="${escape(value)}">`;
}

function ownerOf({ state, world, params }: Ask, named?: string): Account | undefined {
  const login = named ?? params['org'];
  return login === undefined || login === ''
    ? (state.signIn.user ?? [...world.accounts.values()].find(({ type }) => type === 'User'))
    : findAccount(world, login);
}

function askForApp(ask: Ask): Reply {
  const form = readJson(ask) as { manifest?: string };
  const manifest = JSON.parse(form.manifest ?? '{}') as AppManifest;
  const name = `<label>GitHub App name <input name="name" value="${escape(manifest.name ?? '')}"></label>`;
  const state = hidden('state', ask.query.get('state') ?? '') + hidden('org', ask.params['org'] ?? '');
  const fields = hidden('manifest', form.manifest ?? '{}') + state + name;
  return page(
    'Create GitHub App',
    `<form method="post" action="/settings/apps/create">${fields}<button>Create GitHub App</button></form>`,
  );
}

function createApp(ask: Ask): Reply {
  const form = readJson(ask) as Record<string, string>;
  const manifest = JSON.parse(form['manifest'] ?? '{}') as AppManifest;
  const owner = ownerOf(ask, form['org']);
  if (owner === undefined) return page('Nobody is signed in', '', 404);
  const { app, code } = registerApp(ask.state, owner, { ...manifest, name: form['name'] ?? manifest.name ?? 'An App' });
  if (manifest.redirect_url === undefined) return page(app.name, '<p>It was made.</p>');
  return moved(
    withQuery(manifest.redirect_url, { code, ...(form['state'] === '' ? {} : { state: form['state'] ?? '' }) }),
  );
}

function appOf({ state, params }: Ask): GithubApp | undefined {
  return [...state.apps.apps.values()].find(({ slug }) => slug === params['slug']);
}

function askForInstallation(ask: Ask): Reply {
  const app = appOf(ask);
  if (app === undefined) return page('Not found', '', 404);
  const viewer = ownerOf(ask);
  const accounts = [...ask.world.accounts.values()].filter(
    (one) => viewer !== undefined && (one === viewer || one.members.get(viewer.id) === 'admin'),
  );
  const choice = accounts.map(({ login }) => `<option>${escape(login)}</option>`).join('');
  const fields = `${hidden('state', ask.query.get('state') ?? '')}<label>Account <select name="account">${choice}</select></label>
    <label>Repositories, separated by spaces; empty: all <input name="repositories"></label>`;
  return page(
    `Install ${app.name}`,
    `<form method="post" action="/apps/${app.slug}/installations">${fields}<button>Install</button></form>`,
  );
}

function makeInstallation(ask: Ask): Reply {
  const app = appOf(ask);
  const form = readJson(ask) as Record<string, string>;
  const account = findAccount(ask.world, form['account'] ?? '');
  if (app === undefined || account === undefined) return page('Not found', '', 404);
  const names = (form['repositories'] ?? '').split(/\s+/).filter(Boolean);
  const chosen = [...ask.world.repositories.values()].filter(
    ({ owner, name }) => owner === account && names.includes(name),
  );
  const { id } = install(ask.state, app, account, names.length === 0 ? null : chosen);
  if (app.setupUrl === null) return page(app.name, '<p>It was installed.</p>');
  const state: Record<string, string> = form['state'] === '' ? {} : { state: form['state'] ?? '' };
  return moved(withQuery(app.setupUrl, { installation_id: String(id), setup_action: 'install', ...state }));
}
