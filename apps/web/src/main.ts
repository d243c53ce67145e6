// The first script: asks who is there and brings only what that one needs. Whoever has to sign in gets a small page that is
// drawn without any library; the dashboard comes with React, its router and its cache.
import type { SessionView } from '@devpulse/contract/wire/session';
import { api } from './api.ts';
import type { openApp } from './app.tsx';
import { doorPaths } from './door/door-paths.ts';
import type { Reason } from './door/open-door.ts';
import { paths } from './paths.ts';
import { matchPath } from './router/match-path.ts';
import { recallInvitation } from './remember-invitation.ts';
import { recallSignedIn, rememberSignedIn } from './remember-signed-in.ts';

const page = document.querySelector<HTMLElement>('#page');
if (page === null) throw new Error('index.html has no place for the page');

async function start(place: HTMLElement): Promise<void> {
  const mailed = readMailedLink();
  if (mailed !== null) return openDoor(place, mailed);
  // Whoever was signed in last time probably still is: the dashboard is fetched while the server is asked.
  const likely = recallSignedIn() || location.pathname === paths.setup ? loadApp() : null;
  let session: SessionView;
  const patience = showSlowness(place);
  try {
    session = await api.session();
  } catch (error) {
    return openDoor(place, { kind: 'failed', error });
  } finally {
    patience.end();
  }
  rememberSignedIn(session.state === 'signed_in');
  // The link also serves whoever lost the password, so it is tried whether or not somebody owns the instance.
  const holdsLink = location.pathname === paths.setup && location.hash.length > 1;
  // Whoever was invited sees what to, before being asked who they are.
  const isInvited = location.pathname === paths.join && location.search === '';
  if (session.state !== 'signed_in' && !holdsLink && !isInvited)
    return openDoor(place, isKnown(location.pathname) ? describeOutside(session) : { kind: 'not_found' });
  // Signing in by way of GitHub leads home; the invitation that it was for waits in the tab.
  if (session.state === 'signed_in' && location.pathname === paths.home && recallInvitation() !== null)
    history.replaceState(null, '', paths.join);
  const app = await (likely ?? loadApp());
  app.openApp(place, session);
}

/** A link that was mailed opens by itself, whoever is signed in. */
function readMailedLink(): Reason | null {
  const token = location.hash.slice(1);
  if (location.pathname === doorPaths.reset) return { kind: 'reset', token };
  return location.pathname === doorPaths.confirm ? { kind: 'confirm', token } : null;
}

function describeOutside(session: SessionView): Reason {
  return session.state === 'needs_setup' ? { kind: 'needs_setup' } : { kind: 'signed_out', offers: session.offers };
}

/** Whether there is such a page; signing in would lead nowhere else. */
function isKnown(pathname: string): boolean {
  return Object.values(paths).some((path) => matchPath(path, pathname) !== null);
}

const patienceMs = 4_000;

/** A sheet that stays blank says nothing: after a while it says that the answer is still awaited. */
function showSlowness(place: HTMLElement): { end: () => void } {
  let waiting = true;
  const timer = setTimeout(() => {
    void import('./door/open-door.ts').then(
      (door) => waiting && void door.openDoor(place, { kind: 'slow' }, () => undefined),
    );
  }, patienceMs);
  return {
    end: () => {
      waiting = false;
      clearTimeout(timer);
    },
  };
}

async function openDoor(place: HTMLElement, reason: Reason): Promise<void> {
  const door = await import('./door/open-door.ts');
  await door.openDoor(place, reason, () => void start(place).catch(() => undefined));
}

function loadApp(): Promise<{ openApp: typeof openApp }> {
  // The frame waits for its look; beside the code it costs no time of its own.
  if (location.pathname !== paths.setup) import('./frame/framed.css').catch(() => undefined);
  return import('./app.tsx');
}

start(page).catch(() => {
  // Its own code did not arrive; words that are here already must do.
  page.textContent = 'DevPulse could not be loaded. Look whether it is running, then load this page again.';
});

// A new link pasted into a tab that shows the set-up, or an invitation, changes nothing but what stands behind the #.
addEventListener('hashchange', () => {
  if ([paths.setup, paths.join].some((path) => path === location.pathname) && location.hash.length > 1)
    location.reload();
});

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  window.addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}
