/**
 * Fetches what is likely to be pressed next, once nothing else is to do: it opens at once, and also when the server has gone.
 * The service worker is told what was loaded before it stood by.
 */
export function warmUp(): () => void {
  const timer = setTimeout(() => {
    void Promise.allSettled([
      import('../receipt/receipt-panel.tsx'),
      import('../board/days-dialog.tsx'),
      import('../board/repository-dialog.tsx'),
      import('./page-error.tsx'),
      import('../pages/repositories/repositories-page.tsx'),
      import('../pages/sources/sources-page.tsx'),
      import('../pages/settings/settings-page.tsx'),
      // What is drawn when the page is opened and nobody answers.
      import('../door/open-door.ts'),
    ]).then(keepLoaded);
  }, 4_000);
  return () => clearTimeout(timer);
}

async function keepLoaded(): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const { active } = await navigator.serviceWorker.ready;
  const files = performance.getEntriesByType('resource').map((entry) => new URL(entry.name).pathname);
  active?.postMessage({ keep: files.filter((path) => path.startsWith('/assets/')) });
}
