import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createEmulator } from 'emulate';
import type { GithubApp } from '../better-auth/github-app.ts';

/** An account at the made-up GitHub. */
export interface GithubUser {
  id: number;
  login: string;
  name: string;
  emails: { email: string; primary: boolean; verified: boolean }[];
}

/** A GitHub of our own: the emulator, with what it lacks in front of it. */
export interface GithubFront {
  app: GithubApp;
  /** Whoever signs in next; what they are called and where they get mail can have changed since. */
  be(user: GithubUser): void;
  /** Whether it answers every token as one that was taken back. */
  revoke(all: boolean): void;
  /** Every token it gave out, and for which scopes. */
  granted: { token: string; scope: string }[];
  /** What was asked of it wrongly, such as a verifier that does not fit. */
  refused: string[];
  close(): Promise<void>;
}

interface Ticket {
  challenge: string;
  scope: string;
  /** Null: whoever was chosen on the emulator's own page. */
  user: GithubUser | null;
}

export interface GithubFrontOptions {
  /** Where it may send people back to; null: anywhere. */
  callback: string | null;
  /** The emulator's own page is shown, for a browser with somebody before it. */
  withPage?: boolean;
}

/**
 * Starts the emulator and a front before it. The emulator takes any PKCE verifier, answers an unknown token as its first user
 * and cannot rename anybody; the front checks what a real GitHub checks and answers for who somebody is.
 */
export async function openGithubFront({ callback, withPage = false }: GithubFrontOptions): Promise<GithubFront> {
  const client = { client_id: 'Iv1.devpulse', client_secret: 'the secret of the app' };
  const emulator = await createEmulator({
    service: 'github',
    port: 0,
    seed: {
      github: {
        users: [{ login: 'octo', name: 'Octo', email: 'octo@example.org' }],
        ...(callback === null ? {} : { oauth_apps: [{ ...client, name: 'DevPulse', redirect_uris: [callback] }] }),
      },
    },
  });
  const front: FrontState = {
    emulator: emulator.url.replace('localhost', '127.0.0.1'),
    user: null,
    withPage,
    revoked: false,
    tickets: new Map(),
    tokens: new Map(),
    granted: [],
    refused: [],
  };
  const server = createServer((request, response) => {
    answer(front, request, response).catch((error: unknown) => {
      front.refused.push(String(error));
      response.writeHead(500).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const url = `http://127.0.0.1:${port}`;
  return {
    app: { clientId: client.client_id, clientSecret: client.client_secret, url, apiUrl: `${url}/api` },
    be: (user) => {
      front.user = user;
    },
    revoke: (all) => {
      front.revoked = all;
    },
    granted: front.granted,
    refused: front.refused,
    close: async () => {
      await closeServer(server);
      await emulator.close();
    },
  };
}

interface FrontState {
  emulator: string;
  user: GithubUser | null;
  withPage: boolean;
  revoked: boolean;
  /** By code; where the emulator's page is shown the code is not known yet, and the challenge stands instead. */
  tickets: Map<string, Ticket>;
  tokens: Map<string, GithubUser | null>;
  granted: { token: string; scope: string }[];
  refused: string[];
}

async function answer(front: FrontState, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://front.test');
  if (url.pathname === '/login/oauth/authorize') return authorize(front, url, response);
  if (url.pathname === '/login/oauth/access_token') return exchange(front, await readText(request), response);
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const user = front.tokens.get(token);
  if (user === null && !front.revoked) return passOn(front, url.pathname.slice('/api'.length), token, response);
  if (user == null || front.revoked) return sendJson(response, 401, { message: 'Bad credentials' });
  if (url.pathname === '/api/user') {
    return sendJson(response, 200, { id: user.id, login: user.login, name: user.name, email: null });
  }
  if (url.pathname === '/api/user/emails') return sendJson(response, 200, user.emails);
  return sendJson(response, 404, { message: 'Not Found' });
}

/** Its page where somebody chooses who they are, and agrees: the emulator's own form is posted for them. */
async function authorize(front: FrontState, url: URL, response: ServerResponse): Promise<void> {
  const { user } = front;
  const ask = Object.fromEntries(url.searchParams);
  if (ask['code_challenge_method'] !== 'S256' || (ask['code_challenge'] ?? '').length !== 43)
    front.refused.push('no PKCE with S256');
  if (front.withPage) {
    front.tickets.set(ask['code_challenge'] ?? '', {
      challenge: ask['code_challenge'] ?? '',
      scope: ask['scope'] ?? '',
      user: null,
    });
    response.writeHead(302, { location: `${front.emulator}/login/oauth/authorize${url.search}` }).end();
    return;
  }
  if (user === null) {
    const back = new URL(ask['redirect_uri'] ?? '');
    back.search = new URLSearchParams({ error: 'access_denied', state: ask['state'] ?? '' }).toString();
    response.writeHead(302, { location: back.href }).end();
    return;
  }
  const posted = await fetch(`${front.emulator}/login/oauth/callback`, {
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
  const code = new URL(location).searchParams.get('code') ?? '';
  front.tickets.set(code, { challenge: ask['code_challenge'] ?? '', scope: ask['scope'] ?? '', user });
  response.writeHead(302, { location }).end();
}

async function exchange(front: FrontState, body: string, response: ServerResponse): Promise<void> {
  const form = new URLSearchParams(body);
  const challenge = createHash('sha256')
    .update(form.get('code_verifier') ?? '')
    .digest('base64url');
  const key = front.withPage ? challenge : (form.get('code') ?? '');
  const ticket = front.tickets.get(key);
  front.tickets.delete(key);
  if (ticket === undefined || ticket.challenge !== challenge) {
    front.refused.push('a code without its verifier');
    return sendJson(response, 200, { error: 'bad_verification_code' });
  }
  const given = await fetch(`${front.emulator}/login/oauth/access_token`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body,
  });
  const answered = (await given.json()) as { access_token?: string };
  if (answered.access_token === undefined) throw new Error(`the emulator gave no token: ${JSON.stringify(answered)}`);
  // As GitHub writes them: separated by commas.
  const scope = ticket.scope.split(' ').join(',');
  front.tokens.set(answered.access_token, ticket.user);
  front.granted.push({ token: answered.access_token, scope });
  return sendJson(response, 200, { access_token: answered.access_token, token_type: 'bearer', scope });
}

/** What the emulator itself knows of whoever was chosen on its page. */
async function passOn(front: FrontState, path: string, token: string, response: ServerResponse): Promise<void> {
  const answered = await fetch(front.emulator + path, { headers: { authorization: `Bearer ${token}` } });
  sendJson(response, answered.status, await answered.json());
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
