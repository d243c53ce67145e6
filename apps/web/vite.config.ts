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
    // Three files for the first view, where the default would write one for every module that two pages share: fewer
    // requests, and text that compresses better in one piece.
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
              test: /packages\/ui\/src\/(avatar|button|chip|class-names|empty-state|grid|icon|mark|menu|place-popover|receipts-context|segmented|shown-state|skeleton|state-chip|step-index|strip|take-initials|tile|visually|format\/)|widgets\/views|apps\/web\/src\/(routes|queries|preferences|(frame\/(?!after|copy-text|warm|source-states|describe-source|demo|keys|key-|use-keys|page-error|not-found)|board\/(?!days-dialog|tile-menu|api-call|repository-dialog)|range\/|receipt\/(use-open|receipt-question)|pages\/home\/))/,
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
