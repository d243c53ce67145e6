import { type Address, type Destination, readAddress, resolveAddress, writeAddress } from './address.ts';
import { openPositions, type Positions } from './positions.ts';
import { type Outcome, prepareVisit, type Shown } from './prepare-visit.ts';
import { type Drawing, listWays, type Route } from './route.ts';

export interface RouterOptions<Context> {
  root: Route<Context>;
  context: Context;
  notFound: Drawing;
  /** Drawn in the place of a route that failed and has nothing of its own for that. */
  failed: Drawing<{ error: unknown }>;
}

/** Leads from address to address. */
export interface Router {
  readonly options: Pick<RouterOptions<unknown>, 'notFound' | 'failed'>;
  /** What can be drawn now; null before the first page is there. */
  readonly shown: Shown | null;
  /** Shows the address of the browser, and follows it from now on. */
  start(): void;
  navigate(destination: Destination): Promise<void>;
  /** Fetches what a destination needs, ahead of a likely press. */
  preload(destination: Destination): void;
  /** Prepares and draws the page anew that one is on. */
  reload(): Promise<void>;
  hrefOf(destination: Destination): string;
  subscribe(listener: (shown: Shown) => void): () => void;
  /** To be called when what was announced last is on screen. */
  arrive(): void;
}

const redirectsMax = 10;

/**
 * The address bar changes at once, the page when everything it needs is there. Whoever asks for another page meanwhile gets
 * that one; the first is dropped.
 */
export function createRouter<Context>(options: RouterOptions<Context>): Router {
  const tree = { root: options.root, ways: listWays(options.root), context: options.context };
  const listeners = new Set<(shown: Shown) => void>();
  let positions: Positions | null = null;
  let shown: Shown | null = null;
  let latest: Address = { pathname: '/', search: {}, hash: '' };
  let scroll: (() => void) | null = null;
  let turn = 0;

  async function go(address: Address, scrollThere: (() => void) | null): Promise<void> {
    latest = address;
    const mine = (turn += 1);
    let outcome: Outcome = await prepareVisit(tree, address);
    for (let count = 0; 'redirect' in outcome && mine === turn; count += 1) {
      if (count === redirectsMax) throw new Error(`${address.pathname} leads in a circle`);
      latest = resolveAddress(outcome.redirect, latest);
      history.replaceState(history.state, '', writeAddress(latest));
      outcome = await prepareVisit(tree, latest);
    }
    if (mine !== turn || 'redirect' in outcome) return;
    shown = outcome.shown;
    scroll = scrollThere;
    for (const listener of listeners) listener(shown);
  }

  return {
    options,
    get shown() {
      return shown;
    },
    start: () => {
      const opened = openPositions();
      positions = opened;
      addEventListener('popstate', () => {
        opened.keep();
        const position = opened.enter();
        const address = readAddress(location);
        // A jump within the page is the browser's own.
        void go(address, address.pathname === latest.pathname ? null : () => scrollTo(0, position));
      });
      const position = opened.enter();
      void go(readAddress(location), () => (position > 0 ? scrollTo(0, position) : scrollToHash(latest.hash)));
    },
    navigate: (destination) => {
      const address = resolveAddress(destination, latest);
      const href = writeAddress(address);
      positions?.keep();
      // Pressed twice, a link must not need two steps back.
      if (destination.replace === true || href === writeAddress(latest)) history.replaceState(history.state, '', href);
      else history.pushState(positions?.next() ?? null, '', href);
      positions?.enter();
      const moves = address.pathname !== latest.pathname || address.hash !== '';
      return go(address, moves ? () => scrollToHash(address.hash) : null);
    },
    preload: (destination) => {
      void prepareVisit(tree, resolveAddress(destination, latest));
    },
    reload: () => go(latest, null),
    hrefOf: (destination) => writeAddress(resolveAddress(destination, latest)),
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    arrive: () => {
      scroll?.();
      scroll = null;
    },
  };
}

function scrollToHash(hash: string): void {
  const target = hash === '' ? null : document.getElementById(hash);
  if (target === null) scrollTo(0, 0);
  else target.scrollIntoView();
}
