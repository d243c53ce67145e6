import type { Needs } from './access.ts';
import type { Ask, Reply, RepositoryAsk } from './state.ts';

type Answer<Asked> = (ask: Asked) => Reply | Promise<Reply>;

/** One thing that the front answers by itself. */
export interface Route {
  method: string;
  /** As GitHub's own description of its API writes it. */
  pattern: string;
  needs: Needs;
  /** Answered without any token. */
  isOpen: boolean;
  answer: Answer<Ask>;
}

/** About one repository, which whoever asks must be allowed to see. */
export function aboutRepository(method: string, rest: string, needs: Needs, answer: Answer<RepositoryAsk>): Route {
  const pattern = `/repos/{owner}/{repo}${rest}`;
  return { method, pattern, needs, isOpen: true, answer: answer as Answer<Ask> };
}

export function route(method: string, pattern: string, needs: Needs, answer: Answer<Ask>): Route {
  return { method, pattern, needs, isOpen: false, answer };
}

export function openRoute(method: string, pattern: string, answer: Answer<Ask>): Route {
  return { method, pattern, needs: {}, isOpen: true, answer };
}

interface Compiled {
  route: Route;
  parts: string[];
}

/** Finds the route of a path: fixed words before names. */
export function compileRoutes(routes: readonly Route[]) {
  const compiled: Compiled[] = routes.map((one) => ({ route: one, parts: one.pattern.split('/') }));
  const holes = ({ parts }: Compiled) => parts.filter((part) => part.startsWith('{')).length;
  const sorted = compiled.toSorted((a, b) => holes(a) - holes(b) || b.parts.length - a.parts.length);
  return (method: string, path: string): { route: Route; params: Record<string, string> } | undefined => {
    const given = path.split('/');
    for (const { route: one, parts } of sorted) {
      if (one.method !== method) continue;
      const params = matchParts(parts, given);
      if (params !== undefined) return { route: one, params };
    }
    return undefined;
  };
}

function matchParts(parts: string[], given: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const hole = /^\{(\w+)\}$/.exec(part)?.[1];
    // The names of branches and references have slashes.
    const takesRest = isLast && hole !== undefined && ['ref', 'branch', 'basehead', 'path'].includes(hole);
    const value = takesRest ? given.slice(index).join('/') : given[index];
    if (value === undefined || (value === '' && part !== '')) return undefined;
    if (hole === undefined && part !== value) return undefined;
    if (hole !== undefined) params[hole] = decodeURIComponent(value);
    if (isLast && !takesRest && given.length > parts.length) return undefined;
  }
  return params;
}
