import type { App } from '../deps.ts';

/** Remembers every route, and says which methods an address takes, so that a wrong method is not called a wrong address. */
export function collectMethods(app: App): (path: string) => string[] {
  const routes: { pattern: RegExp; methods: string[] }[] = [];
  app.addHook('onRoute', (route) => {
    const pattern = new RegExp(`^${route.url.replaceAll(/[.+?^$()|[\]\\]/g, '\\$&').replaceAll(/:\w+/g, '[^/]+')}$`);
    routes.push({ pattern, methods: [route.method].flat() });
  });
  return (path) => {
    const methods = routes.filter((route) => route.pattern.test(path)).flatMap((route) => route.methods);
    return [...new Set(methods)].toSorted();
  };
}
