import { isIP } from 'node:net';
import path from 'node:path';
import { z } from 'zod';
import { notes, yesNoSchema } from './config-notes.ts';
import { parseLimits, usualLimits } from './protect/limit-classes.ts';

/** What of the settings stands between the network and the routes; `config.ts` reads them with all others. */
export const networkSettings = {
  trustedProxies: z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .pipe(z.array(z.string().refine(isNetwork, 'must be a list of addresses or networks')))
    .default([])
    .register(notes, {
      variable: 'DEVPULSE_TRUSTED_PROXIES',
      description:
        'Proxies in front, as addresses or networks separated by commas. Only their X-Forwarded-For, -Proto and -Host are ' +
        'believed; whoever else sends these is counted by the address of the connection.',
      example: '127.0.0.1,10.0.0.0/8',
      defaultText: 'none',
    }),
  tlsCert: z
    .string()
    .transform((file) => path.resolve(file))
    .optional()
    .register(notes, {
      variable: 'DEVPULSE_TLS_CERT',
      description:
        'Certificate with its chain, as PEM; HTTPS is served then. A renewed one is taken over within a minute.',
      example: '/etc/letsencrypt/live/devpulse.example.org/fullchain.pem',
      defaultText: 'none: plain HTTP',
    }),
  tlsKey: z
    .string()
    .transform((file) => path.resolve(file))
    .optional()
    .register(notes, {
      variable: 'DEVPULSE_TLS_KEY',
      description: 'The private key of the certificate, as PEM without a passphrase.',
      example: '/etc/letsencrypt/live/devpulse.example.org/privkey.pem',
      defaultText: 'none',
    }),
  allowPlainHttp: yesNoSchema.default(false).register(notes, {
    variable: 'DEVPULSE_ALLOW_PLAIN_HTTP',
    description:
      'Lets others reach the program without TLS. Whoever can read that network can then read passwords and tokens.',
    example: 'true',
    defaultText: 'false',
  }),
  limits: z
    .string()
    .transform((text, context) => {
      try {
        return parseLimits(text);
      } catch (error) {
        context.addIssue((error as Error).message);
        return z.NEVER;
      }
    })
    .default(usualLimits)
    .register(notes, {
      variable: 'DEVPULSE_LIMITS',
      description:
        'Requests a minute for each class that one token, session or address may make; a person may make twice as many. ' +
        '20 seconds’ worth may come at once. `off` counts nothing.',
      example: 'reads=6000,costly=30',
      defaultText: Object.entries(usualLimits)
        .map(([name, number]) => `${name}=${number}`)
        .join(','),
    }),
};

function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 6 ? 128 : 32));
}
