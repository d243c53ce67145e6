import { type ComponentType, type ReactElement, use } from 'react';
import type { Drawing } from './route.ts';

/** A drawing whose code is fetched when it is needed. */
export function lazyPage<Name extends string, Props extends object>(
  load: () => Promise<Record<Name, ComponentType<Props>>>,
  name: Name,
): Drawing<Props> {
  let page: ComponentType<Props> | null = null;
  let coming: Promise<ComponentType<Props>> | null = null;
  let failed = false;
  const ask = (): Promise<ComponentType<Props>> => {
    coming ??= load().then(
      (module) => (page = module[name]),
      async (error: unknown) => {
        failed = true;
        await renewOnce();
        throw error;
      },
    );
    return coming;
  };
  const Lazy = (props: Props): ReactElement => {
    const Page = page ?? use(ask());
    return <Page {...props} />;
  };
  // Only whoever comes anew tries again: a drawing that did so would ask without end while nobody answers.
  const preload = (): Promise<unknown> => {
    if (failed) coming = null;
    failed = false;
    return ask();
  };
  return Object.assign(Lazy, { preload });
}

const storageKey = 'devpulse.renewed';
const pauseMs = 60_000;

/** Under an open page DevPulse was updated and the files of the former build are gone: loaded anew, the page asks for its own. */
async function renewOnce(): Promise<void> {
  const before = Number(sessionStorage.getItem(storageKey) ?? 0);
  if (Date.now() - before < pauseMs) return;
  const answer = await fetch('/healthz').catch(() => null);
  if (answer?.ok !== true) return;
  sessionStorage.setItem(storageKey, String(Date.now()));
  location.reload();
}
