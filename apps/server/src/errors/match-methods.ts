import { AppError } from '@devpulse/contract/errors';
import type { App } from '../deps.ts';
import { pathOf } from './handle-errors.ts';

/** Which methods each address takes. */
export interface MethodsOfAddresses {
  /** Those of a path; none where there is nothing, or where a route was found whose path holds an id. */
  at(path: string, isUnknown: boolean): readonly string[];
}

/** Remembers every route, and says which methods an address takes, so that a wrong method is not called a wrong address. */
export function collectMethods(app: App): MethodsOfAddresses {
  const fixed = new Map<string, string[]>();
  const open: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat();
    if (!route.url.includes(':')) {
      fixed.set(route.url, [...new Set([...(fixed.get(route.url) ?? []), ...methods])].toSorted());
      return;
    }
    const pattern = new RegExp(`^${route.url.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);
    open.push({ pattern, methods });
  });
  return {
    at: (path, isUnknown) => {
      // `/things/latest` is no id of `/things/:id`, though it looks like one to a method that only the latter takes.
      const exact = fixed.get(path);
      if (exact !== undefined || !isUnknown) return exact ?? [];
      const alike = open.filter((route) => route.pattern.test(path));
      return [...new Set(alike.flatMap((route) => route.methods))].toSorted();
    },
  };
}

/** Refuses a method that an address does not take, before anything is read of the request or asked of anybody. */
export function refuseWrongMethods(app: App, methods: MethodsOfAddresses): void {
  app.addHook('onRequest', (request, reply, done) => {
    const taken = methods.at(pathOf(request.url), request.is404);
    if (taken.length === 0 || taken.includes(request.method)) {
      done();
      return;
    }
    void reply.header('allow', taken.join(', '));
    done(new AppError('method_not_allowed', `${request.method} is not possible here, ${taken.join(' and ')} is.`));
  });
}
