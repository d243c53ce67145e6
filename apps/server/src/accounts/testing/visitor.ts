import type { LightMyRequestResponse } from 'fastify';
import type { AccountApp } from './account-app.ts';

/** A browser with its cookies, as far as the API can tell. */
export interface Visitor {
  send(method: Parameters<AccountApp['send']>[0], url: string, payload?: object): Promise<LightMyRequestResponse>;
  cookies: Map<string, string>;
}

/** Opens one without cookies; it keeps what it is given. */
export function openVisitor(api: AccountApp, headers: Record<string, string> = {}): Visitor {
  const cookies = new Map<string, string>();
  return {
    cookies,
    send: async (method, url, payload) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await api.send(method, url, {
        ...(payload === undefined ? {} : { payload }),
        headers: { host: 'localhost:3000', ...(cookie === '' ? {} : { cookie }), ...headers },
      });
      for (const line of [answer.headers['set-cookie'] ?? []].flat()) keep(cookies, line);
      return answer;
    },
  };
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ');
  const at = pair.indexOf('=');
  const isOver = attributes.some((attribute) => attribute.toLowerCase() === 'max-age=0');
  if (isOver) cookies.delete(pair.slice(0, at));
  else cookies.set(pair.slice(0, at), pair.slice(at + 1));
}
