// Keeps the shell of the screens, so that they open without the server and say so. It holds the page itself, which is the
// same for everybody, and files named by their content. It never holds an answer of the API: what one person was shown must
// not be there for the next one.
const cacheName = 'devpulse-shell-1';
const shell = '/';
const mostFiles = 150;

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then((cache) => cache.add(new Request(shell, { credentials: 'omit', cache: 'reload' })))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(fileFirst(request));
  else if (request.mode === 'navigate' && isScreen(url.pathname)) event.respondWith(pageFromServerFirst(request));
});

self.addEventListener('message', (event) => {
  const files = Array.isArray(event.data?.keep) ? event.data.keep : [];
  const ours = files.filter((path) => typeof path === 'string' && path.startsWith('/assets/'));
  event.waitUntil(Promise.all(ours.map((path) => fileFirst(new Request(path)).catch(() => undefined))));
});

/** Every address is a screen but those that the server itself answers. */
function isScreen(path) {
  return !/^\/(api|docs|openapi\.json|healthz|readyz|metrics)(\/|$)/.test(path);
}

async function fileFirst(request) {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.ok) {
    await cache.put(request, answer.clone());
    await dropOldest(cache);
  }
  return answer;
}

const patienceMs = 4000;

async function pageFromServerFirst(request) {
  const cache = await caches.open(cacheName);
  try {
    // The page is a file: a server that does not hand it out at once is not well, and the kept one can say so.
    const answer = await fetch(request, { signal: AbortSignal.timeout(patienceMs) });
    // Of this address alone it is certain that what came is the page of the screens.
    if (answer.ok && new URL(request.url).pathname === shell) await cache.put(shell, answer.clone());
    return answer;
  } catch (error) {
    const kept = await cache.match(shell);
    if (kept) return kept;
    throw error;
  }
}

/** Files of former builds go first; the page stays. */
async function dropOldest(cache) {
  const files = (await cache.keys()).filter((request) => new URL(request.url).pathname.startsWith('/assets/'));
  await Promise.all(files.slice(0, Math.max(0, files.length - mostFiles)).map((request) => cache.delete(request)));
}
