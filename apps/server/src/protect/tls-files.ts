import { createHash, createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Server } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Logger } from '../log.ts';

/** A certificate with its chain, and its key, as PEM. */
export interface KeyPair {
  cert: string;
  key: string;
}

/** Certificate and key on disk, which whoever renews them replaces while we run. */
export interface TlsFiles {
  current(): KeyPair;
  /** Looks from time to time whether they were renewed; the server takes them over without losing a connection. */
  follow(server: Pick<Server, 'setSecureContext'>, log: Pick<Logger, 'info' | 'warn'>): () => void;
}

const lookEveryMs = 60_000;

/** Reads them; throws when they cannot be read or do not belong together. */
export function openTlsFiles(files: { cert: string; key: string }, options: { lookEveryMs?: number } = {}): TlsFiles {
  let pair = readPair(files);
  const look = (server: Pick<Server, 'setSecureContext'>, log: Pick<Logger, 'info' | 'warn'>): void => {
    try {
      const found = readPair(files);
      if (digest(found) === digest(pair)) return;
      server.setSecureContext(found);
      pair = found;
      log.info('the certificate was renewed');
    } catch (error) {
      // Often one file is written before the other; the next look finds both.
      log.warn({ err: error }, 'the new certificate cannot be used yet; the old one stays');
    }
  };
  return {
    current: () => pair,
    follow: (server, log) => {
      const timer = setInterval(() => look(server, log), options.lookEveryMs ?? lookEveryMs).unref();
      return () => clearInterval(timer);
    },
  };
}

function readPair(files: { cert: string; key: string }): KeyPair {
  const pair = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
  // A file that is being written may be empty for a moment, which OpenSSL takes for a server without a certificate.
  const certificate = new X509Certificate(pair.cert);
  if (!certificate.checkPrivateKey(createPrivateKey(pair.key)))
    throw new Error('the key is not that of the certificate');
  createSecureContext(pair);
  return pair;
}

function digest(pair: KeyPair): string {
  return createHash('sha256').update(`${pair.cert}\n${pair.key}`).digest('base64');
}
