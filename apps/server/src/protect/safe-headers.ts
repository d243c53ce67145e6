import type { App } from '../deps.ts';

/** What every answer carries unless its route says otherwise: a browser can do nothing with it but show it. */
export const safeHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

// A year, as is usual. Other hosts of the same domain are not ours to speak for.
const strictTransport = 'max-age=31536000';

/** Puts them on every answer; over TLS also that this host is to be asked over TLS only. */
export function addSafeHeaders(app: App): void {
  app.addHook('onRequest', async (request, reply) => {
    void reply.headers(safeHeaders);
    if (request.protocol === 'https') void reply.header('strict-transport-security', strictTransport);
  });
}
