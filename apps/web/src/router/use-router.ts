import { use, useMemo } from 'react';
import type { Address, Destination } from './address.ts';
import type { Router } from './create-router.ts';
import type { Params } from './match-path.ts';
import type { Shown } from './prepare-visit.ts';
import { RouterContext, ShownContext } from './router-view.tsx';

export function useRouter(): Router {
  return existing(use(RouterContext));
}

/** The way to another address. The same function on every drawing. */
export function useNavigate(): (destination: Destination) => Promise<void> {
  return useRouter().navigate;
}

/** The address of what is on screen. */
export function useLocation(): Address {
  return useShown().address;
}

/** What a page keeps in its address, as its reader understands it: the same object until the address changes. */
export function useSearch<Search>(read: (search: Record<string, unknown>) => Search): Search {
  const { search } = useLocation();
  return useMemo(() => read(search), [read, search]);
}

/** The part of the address that a path leaves open. */
export function useParam(name: string): string {
  const params: Params = useShown().params;
  return params[name] ?? '';
}

function useShown(): Shown {
  return existing(use(ShownContext));
}

function existing<Thing>(thing: Thing | null): Thing {
  if (thing === null) throw new Error('this is drawn outside of the router');
  return thing;
}
