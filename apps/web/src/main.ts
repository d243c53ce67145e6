// The first script: asks who is there and brings only what that one needs. Whoever has to sign in gets a small page that is
// drawn without any library; the dashboard comes with React, its router and its cache.
import type { SessionView } from '@devpulse/contract/wire/session';
import { api } from './api.ts';
import type { openApp } from './app.tsx';
import type { Reason } from './door/open-door.ts';
import { paths } from './paths.ts';
import { recallSignedIn, rememberSignedIn } from './remember-signed-in.ts';

const page = document.querySelector<HTMLElement>('#page');
if (page === null) throw new Error('index.html has no place for the page');

async function start(place: HTMLElement): Promise<void> {
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
  if (session.state !== 'signed_in' && !holdsLink)
    return openDoor(place, { kind: isKnown(location.pathname) ? session.state : 'not_found' });
  const app = await (likely ?? loadApp());
  app.openApp(place, session);
}

/** Whether there is such a page; signing in would lead nowhere else. */
function isKnown(pathname: string): boolean {
  return (Object.values(paths) as string[]).includes(pathname.replace(/(?<=.)\/$/, ''));
}

const patienceMs = 4_000;

/** A sheet that stays blank says nothing: after a while it says that the answer is still awaited. */
function showSlowness(place: HTMLElement): { end: () => void } {
  let waiting = true;
  const timer = setTimeout(() => {
    void import('./door/open-door.ts').then(
      (door) => waiting && door.openDoor(place, { kind: 'slow' }, () => undefined),
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
  door.openDoor(place, reason, () => void start(place).catch(() => undefined));
}

function loadApp(): Promise<{ openApp: typeof openApp }> {
  return import('./app.tsx');
}

start(page).catch(() => {
  // Its own code did not arrive; words that are here already must do.
  page.textContent = 'DevPulse could not be loaded. Look whether it is running, then load this page again.';
});

// A new link pasted into a tab that shows the set-up changes nothing but what stands behind the #.
addEventListener('hashchange', () => {
  if (location.pathname === paths.setup && location.hash.length > 1) location.reload();
});

if ('serviceWorker' in navigator && import.meta.env.PROD) {
  window.addEventListener('load', () => void navigator.serviceWorker.register('/sw.js').catch(() => undefined));
}
