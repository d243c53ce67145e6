import { QueryCache, QueryClientProvider, type QueryClient } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import type { SessionView } from '@devpulse/contract/wire/session';
import { ApiError } from './api-error.ts';
import { startLive } from './live/start-live.ts';
import { createQueryClient, sessionQuery } from './queries.ts';
import { RouterView } from './router/router-view.tsx';
import { createAppRouter } from './routes.tsx';

/** Draws the screens for whoever is signed in, and the set-up for whoever holds the one-time link. */
export function openApp(place: HTMLElement, session: SessionView): void {
  const client = createQueryClient(
    new QueryCache({
      onError: (error) => void leaveIfSignedOut(error, client),
      onSuccess: (answer, { queryKey }) => {
        if (queryKey[0] === sessionQuery.queryKey[0]) leaveIfElsewhere(session, answer as SessionView);
      },
    }),
  );
  client.setQueryData(sessionQuery.queryKey, session);
  // Before anything is asked, so that no answer can grow old unheard.
  if (session.state === 'signed_in') startLive(client);
  const router = createAppRouter(client);
  router.start();
  createRoot(place).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <RouterView router={router} onArrived={keepFocus} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

/** What had the focus went with the page before: whoever steers by keys goes on at the top of this one. */
function keepFocus(): void {
  const focused = document.activeElement;
  if (focused === null || focused === document.body) document.querySelector<HTMLElement>('#content')?.focus();
}

/** A membership that ended: the session acts in another workspace now, and nothing of this one may stay on screen. */
function leaveIfElsewhere(before: SessionView, now: SessionView): void {
  if (before.workspace !== null && now.workspace !== null && before.workspace.id !== now.workspace.id)
    location.reload();
}

/** A session that ended elsewhere: the page is loaded anew, which brings the sign-in and forgets what was on screen. */
async function leaveIfSignedOut(error: Error, client: QueryClient): Promise<void> {
  if (!(error instanceof ApiError) || error.status !== 401) return;
  try {
    const session = await client.fetchQuery({ ...sessionQuery, staleTime: 5_000, retry: false });
    if (session.state !== 'signed_in') location.reload();
  } catch {
    // Nobody answers: then the figures stay, and the strip says so.
  }
}
