import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    manifest: true,
    target: 'es2022',
    // All of these know light-dark() and oklch(): written out for older ones the style sheet would double.
    cssTarget: ['chrome123', 'firefox121', 'safari17.5'],
    // Anything inlined would need an exception in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Few files, where the default would write one for every module that two pages share: fewer requests, and text that
    // compresses better in one piece. The first view is the library and the shell; the tiles arrive together after it,
    // and so does what a page needs once it is seen.
    rolldownOptions: {
      output: {
        codeSplitting: {
          includeDependenciesRecursively: false,
          groups: [
            {
              name: 'library',
              test: /node_modules\/(react|react-dom|scheduler|use-sync-external-store|@tanstack)\/(?!.*(InfiniteQuery\.|infiniteQueryObserver|mutationObserver|useMutation))/,
            },
            {
              name: 'shell',
              test: /packages\/ui\/src\/(avatar|button|chip|class-names|empty-state|grid|icon|mark|receipts-context|segmented|shown-state|skeleton|state-chip|strip|take-initials|tile|visually|format\/(format-(day|instant)|locale))|widgets\/views|apps\/web\/src\/(app\.|routes|people\/people-queries|router\/(?!match-path)|queries|preferences|search-text|live\/(?!live-region)|(frame\/(?!after|framed|copy-text|warm|source-states|describe-source|demo|keys|key-|use-keys|page-error|not-found|person-menu|theme-menu|workspace-menu|sign-out|enter-)|board\/(?!.*-dialog|tile-menu|api-call|person-board)|range\/|receipt\/(use-|receipt-question)|pages\/home\/))/,
            },
            {
              name: 'tiles',
              test: /widgets\/(?!views)|packages\/ui\/src\/(charts\/(?!strip-plot|lay-out-strip|share-bar|spark)|figure|delta|data-table|link|tile-view)/,
            },
            {
              name: 'then',
              test: /packages\/ui\/src\/(menu|place-popover|step-index|dialog|checkbox|error-note|toast-region|kbd|format\/format-(number|duration))|apps\/web\/src\/(live\/live-region|frame\/(after|copy-text|warm|source-states|describe-source|keys|key-|use-keys|person-menu|theme-menu|workspace-menu|sign-out|enter-)|board\/(tile-menu|api-call))/,
            },
          ],
        },
      },
    },
  },
  server: {
    host: '127.0.0.1',
    proxy: { '/api': { target: process.env['DEVPULSE_DEV_API'] ?? 'http://127.0.0.1:3000' } },
  },
});
