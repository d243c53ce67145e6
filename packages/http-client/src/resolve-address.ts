import { SourceRefused } from '@devpulse/contract/source-client';

/** The addresses of one API, and nothing outside it: a credential must not follow to wherever an answer points. */
export interface Addresses {
  /** A path below the API, or the address of a next page. Throws for what lies elsewhere. */
  resolve(path: string, query?: Record<string, string | number | undefined>): URL;
  /** Where GraphQL is asked. */
  graphql: URL;
  /** Is it on the API's own host, protocol and port? */
  isOwn(url: URL): boolean;
}

export function openAddresses(apiUrl: string): Addresses {
  const root = new URL(apiUrl);
  const base = root.href.replace(/\/+$/, '');
  const isOwn = (url: URL): boolean => url.origin === root.origin && url.username === '' && url.password === '';
  return {
    // An Enterprise server has its REST below `/api/v3` and GraphQL beside that.
    graphql: new URL(base.endsWith('/api/v3') ? base.replace(/\/v3$/, '/graphql') : `${base}/graphql`),
    isOwn,
    resolve: (path, query = {}) => {
      const url = readAddress(/^[a-z][a-z0-9+.-]*:/i.test(path) ? path : `${base}/${path.replace(/^\/+/, '')}`);
      if (url === null || !isOwn(url)) {
        throw new SourceRefused('failed', `The address ${nameAddress(url)} lies outside the API at ${root.origin}.`);
      }
      for (const [name, value] of Object.entries(query)) {
        if (value !== undefined) url.searchParams.set(name, String(value));
      }
      url.hash = '';
      return url;
    },
  };
}

/** Null for what is no address. */
export function readAddress(text: string, base?: URL): URL | null {
  return URL.canParse(text, base?.href) ? new URL(text, base) : null;
}

/** For messages: without what may be a secret. */
export function nameAddress(url: URL | null): string {
  return url === null ? 'it named' : `${url.origin}${url.pathname}`;
}

/** The address behind `rel="next"` of a `Link` header. */
export function readNextLink(header: string | null): string | null {
  for (const [, address, parameters] of (header ?? '').matchAll(/<([^<>]*)>([^<]*)/g)) {
    if (address !== undefined && /;\s*rel="?([^"]*\s)?next(\s[^"]*)?"?/i.test(parameters ?? '')) return address;
  }
  return null;
}
